// Moves the picture: every animation frame shows the moment that the clock tells, for as long as it changes by itself.
// The recorded run plays by itself when a page opens, again and again, and stops short of its result: the question comes
// before the answer. That ends as soon as its reader does something.

import { Clock } from "./clock.js";
import { all, around, part, still, write } from "./dom.js";
import { show, take } from "./picture.js";

const SWAP = 250; // ms between two pictures for who wishes for less motion
const SHARE = 0.62; // of the run, after which it begins anew
const OURS = ["pointerdown", "keydown", "focusin", "submit"]; // what a reader does …
const PLACES = "#controls, .playhead, .pin-form, .lanes, .evidence"; // … here

/** @param {Record<string, unknown>} detail */
function say(detail) {
  document.dispatchEvent(new CustomEvent("lesson:say", { cancelable: true, detail }));
}

class Opening {
  #stop = 0; // s; 0: it does not play
  #begun = false; // or there is no need any more

  constructor() {
    for (const kind of OURS) document.addEventListener(kind, this, true);
  }

  /** @param {Frame} frame the first one decides */
  begin(frame) {
    if (this.#begun) return;
    this.#begun = true;
    const recorded = part("stage", HTMLElement)?.dataset.run?.startsWith("recorded-");
    const there = part("scrubber", HTMLInputElement) && !/[?&](cursor|step)=/.test(location.search);
    if (!recorded || !there || !frame.over || still.matches) return;
    this.#stop = frame.last * SHARE;
    this.#again();
  }

  /** @param {number} t */
  shows(t) {
    if (this.#stop && t >= this.#stop) this.#again();
  }

  /** @param {Event} event */
  handleEvent({ target }) {
    if (!(target instanceof Element) || !target.closest(PLACES)) return;
    for (const kind of OURS) document.removeEventListener(kind, this, true);
    if (this.#stop) say({ type: "pause" });
    this.#stop = 0;
    this.#begun = true;
  }

  #again() {
    say({ type: "scrub", at: 0 });
    say({ type: "play" });
  }
}

const opening = new Opening();

const ELSEWHERE = ["seek", "step", "play", "live", "show"]; // words that leave the moment that was asked for

const REST = 400; // ms after the end of a run in which its last dots come to rest

const clock = new Clock();
let before = -REST; // when a moment before the end was shown last; at first none was, so all is at rest
let run = "";
let next = 0; // the animation frame that is due …
let later = 0; // … and the timer of one
let dragging = false;

/** @param {number} now */
function draw(now) {
  next = 0;
  const t = clock.time(now);
  const over = clock.isOver(now);
  if (!over) before = now;
  const axis = show(t, clock.known(now), over ? Math.min(REST, now - before) : 0, still.matches);
  if (axis) setScale(axis, clock.known(now));
  write(part("true-time", HTMLElement), `${t.toFixed(2)} s`);
  const scrubber = part("scrubber", HTMLInputElement);
  if (scrubber && !dragging) scrubber.value = String(t);
  opening.shows(t);
  if (clock.moves || (over && now - before < REST)) goOn();
}

/** The scrubber is on the time axis of the pictures. @param {{ end: number, tick: number }} axis @param {number} known */
function setScale({ end, tick }, known) {
  const [scrubber, scale] = [part("scrubber", HTMLInputElement), part("scale", HTMLElement)];
  if (!scrubber || !scale) return;
  const share = `${Math.min(100, Math.round(known / end * 200) / 2)}%`;
  const { style } = scrubber.parentElement ?? scrubber;
  if (style.getPropertyValue("--known") !== share) style.setProperty("--known", share);
  if (scale.dataset.end === String(end)) return;
  scale.dataset.end = scrubber.max = String(end);
  for (const mark of all(".landmark[data-at]", HTMLElement)) {
    mark.style.insetInlineStart = `calc(var(--thumb) / 2 + (100% - var(--thumb)) * ${Number(mark.dataset.at) / end})`;
  }
  part("ticks", SVGElement)?.setAttribute("viewBox", `0 0 ${Math.round(end * 1000)} 1`);
  scale.replaceChildren(...Array.from({ length: Math.floor(end / tick + 1e-9) + 1 }, (_, at) => {
    const label = document.createElement("span");
    label.textContent = `${Number((at * tick).toFixed(2))} s`;
    label.style.insetInlineStart = `${at * tick / end * 100}%`;
    return label;
  }));
}

function soon() {
  next ||= requestAnimationFrame(draw);
}

function goOn() {
  if (!still.matches) return soon();
  later ||= setTimeout(() => {
    later = 0;
    soon();
  }, SWAP);
}

// A new run: the dots of the old one fade where they were.
/** @type {Map<string, Element>} picture -> its dots */
const leaving = new Map();

/** @param {Element} svg */
function nameOf(svg) {
  return `${svg.getAttribute("data-picture")} ${svg.getAttribute("data-width")}`;
}

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  leaving.clear();
  if (ctx?.sourceElement?.id !== "controls" || still.matches) return;
  for (const dots of all("#stage svg[data-picture] > .dots", SVGElement)) {
    if (dots.parentElement) leaving.set(nameOf(dots.parentElement), dots);
  }
});

document.addEventListener("htmx:after:swap", () => {
  for (const svg of all("#stage svg[data-picture]", SVGElement)) {
    const old = leaving.get(nameOf(svg));
    if (!old || svg.contains(old)) continue;
    old.setAttribute("class", "leaving");
    for (const dot of old.children) dot.removeAttribute("data-request");
    old.addEventListener("animationend", () => old.remove());
    svg.append(old);
  }
  leaving.clear();
});

/** The moment that is shown, seconds since the load began; null before the first frame. */
export function shown() {
  return run ? clock.time(performance.now()) : null;
}

document.addEventListener("lesson:frame", ({ detail }) => {
  const { run: name = "" } = part("stage", HTMLElement)?.dataset ?? {};
  if (name !== run || detail.scene.from === 0) {
    clock.reset();
    before = -REST;
  }
  run = name;
  take(detail.scene);
  clock.take(detail, performance.now());
  opening.begin(detail);
  if (clock.moves) goOn();
  else soon();
});

document.addEventListener("lesson:say", ({ detail }) => {
  if (ELSEWHERE.includes(String(detail.type))) clock.ask(null);
});

// The picture follows the pointer by itself; the texts come when it rests.
document.addEventListener("input", ({ target }) => {
  const scrubber = around(target, "#scrubber", HTMLInputElement);
  if (scrubber) {
    const at = Math.min(scrubber.valueAsNumber, clock.last);
    scrubber.value = String(at);
    clock.ask(at);
  }
  soon(); // the controls have ghosts in the pictures
});

document.addEventListener("pointerdown", ({ target }) => {
  dragging = target === part("scrubber", HTMLInputElement);
});
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (dragging = false));
document.addEventListener("change", soon); // another request may be pinned
