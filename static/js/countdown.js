// The clock of a problem, for who wants one. It only shows: nothing ends when it does. Switched on, it stays on for the next problems.

import { around, first } from "./dom.js";
import { local } from "./memory.js";

const OFF = "countdown-off";
const OVER = "Time is up. Take the time you need: nothing is lost.";
const EVERY = 250; // ms

/** @type {Map<string, number>} problem -> when its time is over, in ms since the epoch */
const ends = new Map();
let ticking = 0;

function isOff() {
  return local.recall(OFF) !== "0";
}

/** @param {HTMLElement} place @returns {number} seconds left of its problem, which begin when it is first seen */
function left(place) {
  const problem = around(place, "[data-problem]", HTMLElement)?.dataset.problem ?? "";
  const end = ends.get(problem) ?? Date.now() + Number(place.dataset.countdown) * 1000;
  ends.set(problem, end);
  return Math.max(0, Math.ceil((end - Date.now()) / 1000));
}

/** @param {HTMLElement | null} place @param {string} text */
function say(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {HTMLElement} place @returns {boolean} whether it will show something else later */
function show(place) {
  const seconds = left(place);
  const off = isOff();
  const digits = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  say(first("[data-left]", HTMLElement, place), off ? "" : digits);
  say(first("[data-over]", HTMLElement, place), off || seconds ? "" : OVER);
  say(first("[data-switch]", HTMLElement, place), `Switch the clock ${off ? "on" : "off"}`);
  place.hidden = false;
  return !off && seconds > 0;
}

function tick() {
  clearTimeout(ticking);
  const place = first("[data-countdown]", HTMLElement);
  if (place && show(place)) ticking = setTimeout(tick, EVERY);
}

document.addEventListener("click", ({ target }) => {
  if (!around(target, "[data-switch]", HTMLElement)) return;
  local.keep(OFF, isOff() ? "0" : "1");
  tick();
});
document.addEventListener("htmx:after:swap", tick);
tick();
