// When the control that has the focus is gone or hidden, a neighbour takes the focus over: it never falls to the page, where
// the next Tab would begin at the top. What was answered comes first (data-told), then another control beside it.

import { all, first } from "./dom.js";
import { find, selectorOf } from "./forms.js";

const CONTROLS = "button, a[href], input:not([type=hidden]), select, textarea, summary";

/** @type {Element | null} what has the focus, or had it when it went; null when the learner has left it */
let last = null;
/** @type {string[]} the forms and parts of the page around it, from the inside out */
let circles = [];

/** @param {Element | null} element @returns {boolean} */
function isSeen(element) {
  return element?.isConnected === true && element.checkVisibility({ visibilityProperty: true });
}

/** @param {Element} element */
function around(element) {
  const found = [];
  for (let each = element.parentElement; each && each.id !== "main"; each = each.parentElement) {
    if (each.id || each instanceof HTMLFormElement) found.push(selectorOf(each));
  }
  return found;
}

/** @param {string} circle */
function neighbour(circle) {
  const place = find(circle);
  if (!place || !isSeen(place)) return null;
  const told = place instanceof HTMLFormElement ? [] : all("[data-told]", HTMLElement, place);
  return [...told, ...all(CONTROLS, HTMLElement, place)].find((each) => isSeen(each) && !each.matches(":disabled"));
}

let due = 0; // an animation frame: what is seen is asked when it is laid out anyhow

function keepSoon() {
  due ||= requestAnimationFrame(keep);
}

function keep() {
  due = 0;
  const active = document.activeElement;
  const lost = active === null || active === document.body || !isSeen(active);
  if (!lost || last === null || isSeen(last)) return;
  const next = circles.map(neighbour).find(Boolean) ?? first("#main", HTMLElement);
  next?.focus({ preventScroll: true });
}

document.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof Element)) return;
  last = target;
  circles = around(target);
});

document.addEventListener("focusout", ({ target }) => {
  setTimeout(() => {
    if (target === last && document.activeElement === document.body && isSeen(last)) last = null;
  });
});

for (const kind of /** @type {const} */ (["htmx:after:swap", "lesson:frame"])) {
  document.addEventListener(kind, keepSoon);
}
