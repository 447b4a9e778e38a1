// The displayed moment: seconds since the load began. Frames tell where the viewer stands; between them it runs on by
// the browser's own clock, at the viewer's rate. Pure: the time is given, in milliseconds of performance.now().

const JUMP = 0.3; // s of the run by which a frame may lie elsewhere before the clock follows it at once

/** @typedef {"live" | "paused" | "playing"} Mode */
/** @typedef {{ mode: Mode, rate: number, at: number, last: number, over: boolean, held: boolean, now: number | null }} Told */

export class Clock {
  /** @type {Told | null} */
  #told = null;
  #offset = Infinity; // s: the browser's clock less the run's since its load began, the smallest that was seen
  #from = 0; // s shown …
  #since = 0; // … at this time, ms
  /** @type {number | null} */
  #asked = null; // a moment between two events that the viewer has asked for

  /** @param {Told} told @param {number} now */
  take(told, now) {
    const shown = this.time(now);
    const before = this.#told;
    this.#told = told;
    if (told.now !== null) this.#offset = Math.min(this.#offset, now / 1000 - told.now);
    // Until the answer comes, frames that were on their way tell of a viewer who still goes.
    if (before?.mode === "paused" && told.mode !== "paused") this.#asked = null;
    const goes = before?.mode === "playing" && told.mode === "playing" && !before.held && !told.held;
    const near = Math.abs(shown - told.at) <= JUMP * Math.max(1, told.rate) + (told.at < shown ? 0.5 : 0);
    if (goes && before?.rate === told.rate && near) return;
    this.#from = goes && near ? shown : told.at;
    this.#since = now;
  }

  /** Another run, or the same from its beginning. */
  reset() {
    this.#told = this.#asked = null;
    this.#offset = Infinity;
  }

  /** The viewer stands at a moment that no event has. @param {number | null} at */
  ask(at) {
    this.#asked = at;
  }

  /** The last moment that the server has told of, s. */
  get last() {
    return this.#told?.last ?? 0;
  }

  /** Up to where the run is known, s. @param {number} now */
  known(now) {
    const told = this.#told;
    if (!told) return 0;
    return told.over ? told.last : Math.max(told.last, this.#live(now));
  }

  /** Does the moment change by itself? */
  get moves() {
    const told = this.#told;
    if (!told || told.held || this.#asked !== null) return false;
    return told.mode === "playing" || (told.mode === "live" && !told.over);
  }

  /** Is all of an ended run shown? @param {number} now */
  isOver(now) {
    return this.#told !== null && this.#told.over && this.time(now) >= this.#told.last;
  }

  /** The moment that is shown, s. @param {number} now */
  time(now) {
    const told = this.#told;
    if (!told) return 0;
    if (this.#asked !== null) return Math.min(this.#asked, this.known(now));
    if (told.held || told.mode === "paused") return told.at;
    if (told.mode === "live") return told.over ? told.last : Math.max(told.at, this.#live(now));
    const gone = ((now - this.#since) / 1000) * told.rate;
    return Math.min(this.#from + Math.max(0, gone), this.known(now));
  }

  /** @param {number} now */
  #live(now) {
    return Math.max(0, now / 1000 - this.#offset);
  }
}
