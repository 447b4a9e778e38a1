// The playhead: follows the frames, keeps the moment in the address, and gives the stage its keys.

import { all, around, first, part, write } from "./dom.js";
import { shown } from "./film.js";
import { pin, pinForm, pinned } from "./pinned.js";

const SETTLED = 300; // ms without another move after which the address and the listener are told
const REPEAT = 100; // ms between two repetitions of a key that is held down
const TYPED = "#flag, select, textarea, [contenteditable], input:not([type=range], [type=checkbox])";
const PRESSED = "button, a, summary, [type=checkbox]"; // take the space bar for themselves
const TOLD = { live: "Live", paused: "Paused", playing: "Playing" };

let dragging = false;
let asked = false; // a button or a key has asked for another moment
let answered = false; // a frame has come since
let settling = 0;
let stood = ""; // where the last frame that counts for the address stood
/** @type {(Frame & { run: string }) | null} */
let latest = null; // the last frame
/** @type {HTMLTableRowElement | null} the row of the table that is the current one */
let current = null;
let repeated = 0;
let opened = 0; // the event at which the first frame of the run stood

/** @param {Frame} frame Is all of an ended run shown? */
function isOver(frame) {
  return frame.over && frame.seq === frame.end;
}

/** @param {string} name @param {string} type */
function setToggle(name, type) {
  const toggle = part("toggle", HTMLButtonElement);
  toggle?.setAttribute("aria-label", name);
  toggle?.setAttribute("data-say", JSON.stringify({ type }));
}

/** @param {HTMLInputElement} scrubber @param {Frame} frame */
function setScrubber(scrubber, frame) {
  if (!dragging) scrubber.value = String(shown() ?? frame.at);
  scrubber.setAttribute("aria-valuetext", frame.text);
}

/** @param {Frame} frame */
function setWayBack(frame) {
  const way = part("live", HTMLButtonElement);
  if (!way) return;
  const here = frame.mode === "live" || frame.over;
  if (here && document.activeElement === way) part("toggle", HTMLButtonElement)?.focus({ preventScroll: true });
  if (way.hidden !== here) way.hidden = here;
}

/** Where the table has not room for all its rows, a row that becomes the current one comes into view. */
function showRow() {
  const [table, row] = [part("table", HTMLElement), first("#table tr.current", HTMLTableRowElement)];
  if (row === current) return;
  current = row;
  if (!table || !row || table.scrollHeight <= table.clientHeight) return;
  const head = first("thead", HTMLElement, table)?.offsetHeight ?? 0;
  const low = row.offsetTop + row.offsetHeight - table.clientHeight;
  table.scrollTop = Math.min(Math.max(table.scrollTop, low), row.offsetTop - head);
}

/** @param {Frame} frame */
function follow(frame) {
  const [stage, scrubber] = [part("stage", HTMLElement), part("scrubber", HTMLInputElement)];
  if (!stage || !scrubber) return;
  setScrubber(scrubber, frame);
  showRow();
  part("held", HTMLElement)?.toggleAttribute("hidden", !frame.held);
  write(part("seq", HTMLElement), String(frame.seq));
  write(part("end", HTMLElement), String(frame.end));
  setWayBack(frame);
  stage.toggleAttribute("data-over", frame.over);
  const rate = first("select[name=rate]", HTMLSelectElement);
  if (rate) rate.value = String(frame.rate);
  if (frame.mode === "playing" || (frame.mode === "live" && !isOver(frame))) setToggle("Pause", "pause");
  else setToggle("Play", "play");
  const { run = "" } = stage.dataset;
  if (latest?.run !== run) opened = frame.seq;
  asked ||= latest?.run === run && latest.mode === "playing" && frame.mode !== "playing"; // by itself, perhaps
  answered = asked;
  latest = { ...frame, run };
  // A run under way sends frames more often than this waits, to those who stand still, too.
  const stands = [run, frame.mode, isOver(frame), frame.mode === "paused" && frame.seq].join();
  if (stands === stood && (settling || !asked)) return;
  stood = stands;
  clearTimeout(settling);
  settling = setTimeout(settle, SETTLED);
}

function settle() {
  settling = 0;
  if (!latest || part("stage", HTMLElement)?.dataset.run !== latest.run) return;
  const { mode, seq, text } = latest;
  // Where a page opens by itself is no place that anybody has chosen.
  const chosen = answered || seq !== opened || /[?&](cursor|step)=/.test(location.search);
  if (mode !== "playing" && chosen) remember(mode === "paused" && !isOver(latest) ? seq : null);
  if (!answered) return; // what was asked for is still on its way
  write(part("told", HTMLElement), `${isOver(latest) ? "At the end" : TOLD[mode]}, ${text}`);
  asked = answered = false;
}

/** @param {number | null} cursor */
function remember(cursor) {
  const address = new URL(location.href);
  address.searchParams.delete("step");
  if (cursor === null) address.searchParams.delete("cursor");
  else address.searchParams.set("cursor", String(cursor));
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

/** @param {HTMLElement} target Are keys that are pressed there for the stage? */
function concerns(target) {
  const stage = part("stage", HTMLElement);
  if (!stage || !part("scrubber", HTMLInputElement) || target.matches(TYPED)) return false;
  if (target !== document.body && target.id !== "main") return stage.contains(target);
  const { top, bottom } = stage.getBoundingClientRect();
  return top < innerHeight && bottom > 0;
}

/** @param {HTMLElement} target */
function scrolls(target) {
  return target.matches("[tabindex]") && target.scrollWidth > target.clientWidth && target !== document.body;
}

/** @param {string} number */
function pinNumber(number) {
  const most = first('input[name="request"]', HTMLInputElement, pinForm())?.max;
  if (Number(number) > Number(most)) return;
  const lane = pinned()?.lane ?? first('input[name="lane"]:checked', HTMLInputElement, pinForm())?.value;
  if (lane) pin(lane, number);
}

document.addEventListener("lesson:frame", ({ detail }) => follow(detail));

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!(target instanceof HTMLElement) || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey || !concerns(target)) return;
  const moves = /^(Arrow|Home|End)/.test(key);
  if ((key === " " && target.matches(PRESSED)) || (moves && scrolls(target))) return;
  const name = event.shiftKey && key !== "?" ? `Shift+${key}` : key;
  const button = all(".playhead [data-key]", HTMLElement).find((each) => each.dataset.key === name);
  if (!button && !/^[1-9]$/.test(name)) return;
  event.preventDefault();
  if (event.repeat && (!moves || event.timeStamp - repeated < REPEAT)) return;
  repeated = event.timeStamp;
  if (button) button.click();
  else pinNumber(name);
});

document.addEventListener("click", ({ target }) => {
  if (around(target, ".playhead :is(button, select, input)[data-say]", HTMLElement)) [asked, answered] = [true, false];
});

document.addEventListener("pointerdown", ({ target }) => {
  dragging = target === part("scrubber", HTMLInputElement);
});
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (dragging = false));
