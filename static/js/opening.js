// The recorded run plays by itself when a page opens, again and again, and stops short of its result: the question comes
// before the answer. It ends as soon as its reader does something.

import { part } from "./dom.js";

const STILL = "(prefers-reduced-motion: reduce)";
const SHARE = 0.62; // of the run, after which it begins anew
const OURS = ["pointerdown", "keydown", "focusin", "submit"]; // what a reader does …
const PLACES = "#controls, .playhead, .pin-form, .lanes, .evidence"; // … here

/** @param {Record<string, unknown>} detail */
function say(detail) {
  document.dispatchEvent(new CustomEvent("lesson:say", { cancelable: true, detail }));
}

class Opening {
  #stop = 0; // s; 0: it does not play
  #begun = false;

  /** @param {Frame} frame the first one decides */
  begin(frame) {
    if (this.#begun) return;
    this.#begun = true;
    const recorded = part("stage", HTMLElement)?.dataset.run?.startsWith("recorded-");
    const there = part("scrubber", HTMLInputElement) && !/[?&](cursor|step)=/.test(location.search);
    if (!recorded || !there || !frame.over || matchMedia(STILL).matches) return;
    this.#stop = frame.last * SHARE;
    for (const kind of OURS) document.addEventListener(kind, this, true);
    this.#again();
  }

  /** @param {number} t */
  shows(t) {
    if (this.#stop && t >= this.#stop) this.#again();
  }

  /** @param {Event} event */
  handleEvent({ target }) {
    if (!(target instanceof Element) || !target.closest(PLACES)) return;
    this.#stop = 0;
    for (const kind of OURS) document.removeEventListener(kind, this, true);
    say({ type: "pause" });
  }

  #again() {
    say({ type: "scrub", at: 0 });
    say({ type: "play" });
  }
}

export const opening = new Opening();
