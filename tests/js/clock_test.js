// The displayed moment, told by frames and by the browser's clock. Times that are given: milliseconds.

import { Clock } from "../../static/js/clock.js";

const LIVE = { mode: "live", rate: 1, at: 0, last: 0, over: false, held: false, now: 0 };
const ENDED = { ...LIVE, at: 3, last: 3, over: true, now: null };

/** @param {number} got @param {number} wanted @param {string} what */
function near(got, wanted, what) {
  if (!(Math.abs(got - wanted) < 1e-6)) throw new Error(`${what}: ${got}, not ${wanted}`);
}

/** @param {boolean} holds @param {string} what */
function yes(holds, what) {
  if (!holds) throw new Error(what);
}

/** @param {...[object, number]} frames */
function told(...frames) {
  const clock = new Clock();
  for (const [frame, now] of frames) clock.take(frame, now);
  return clock;
}

Deno.test("live goes with the run, by the frame that was least delayed", () => {
  const clock = told([{ ...LIVE, now: 1 }, 5300], [{ ...LIVE, now: 2 }, 6100], [{ ...LIVE, now: 3 }, 7900]);
  near(clock.time(8100), 4, "the least delay seen is 0.1 s after 4.0 s");
  yes(clock.moves, "a run under way moves");
});

Deno.test("an ended run is shown to its end, however long the tab slept", () => {
  const clock = told([ENDED, 1000]);
  near(clock.time(3_600_000), 3, "live");
  near(clock.known(3_600_000), 3, "known");
  yes(!clock.moves, "nothing moves");
  near(told([{ ...ENDED, mode: "playing", at: 1 }, 1000]).time(3_600_000), 3, "played");
});

Deno.test("playing goes at its rate", () => {
  for (const rate of [0.1, 1, 4]) {
    const clock = told([{ ...ENDED, mode: "playing", rate, at: 0.5 }, 1000]);
    near(clock.time(1500), 0.5 + 0.5 * rate, `rate ${rate}`);
  }
});

Deno.test("playing does not go back for a frame that tells the last event's time", () => {
  const playing = { ...ENDED, mode: "playing", at: 1 };
  const clock = told([playing, 1000], [{ ...playing, at: 1.3 }, 1500]);
  near(clock.time(1500), 1.5, "the moment goes on");
});

Deno.test("paused and held stand where the frame tells", () => {
  for (const frame of [{ ...ENDED, mode: "paused", at: 2 }, { ...ENDED, mode: "playing", held: true, at: 2 }]) {
    const clock = told([frame, 1000]);
    near(clock.time(9000), 2, frame.mode);
    yes(!clock.moves, `${frame.mode} stands`);
  }
});

Deno.test("a live picture stays at the moment that was asked for until the answer, and after it", () => {
  const clock = told([{ ...LIVE, now: 2 }, 2000]);
  clock.ask(1.25);
  yes(!clock.moves, "nothing moves at a moment that was asked for");
  clock.take({ ...LIVE, now: 2.1 }, 2100); // was on its way when the pointer moved
  near(clock.time(2100), 1.25, "a frame that was on its way");
  clock.take({ ...LIVE, mode: "paused", at: 1.2, last: 2, now: 2.2 }, 2200);
  near(clock.time(2200), 1.25, "the answer");
  clock.take({ ...LIVE, at: 2.3, last: 2.3, now: 2.3 }, 2300);
  near(clock.time(2400), 2.4, "live again");
});

Deno.test("no moment is shown that is not known", () => {
  const clock = told([{ ...ENDED, mode: "paused" }, 1000]);
  clock.ask(50);
  near(clock.time(1000), 3, "asked for");
});

Deno.test("another run begins anew", () => {
  const clock = told([ENDED, 1000]);
  clock.ask(1);
  clock.reset();
  near(clock.time(9000), 0, "nothing is shown before its first frame");
  clock.take({ ...LIVE, now: 0.5 }, 9000);
  near(clock.time(9500), 1, "its own offset");
});
