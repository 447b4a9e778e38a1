// Fields after a swap: they show what the server's HTML says (a morph changes attributes, which a field that was touched does
// not follow any more), except for what was typed or chosen since the request was sent. Focus, selection and caret stay.

import { all, first } from "./dom.js";
import { fieldOf, find, selectorOf } from "./forms.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @typedef {{ value: string, checked: boolean }} State */

const FIELDS = "input[name], textarea[name], select[name]";
const OWN_WAY = "#stage, [readonly]"; // the playhead's fields follow the frames

/** @type {Map<string, number>} field -> when it was changed last, by `performance.now()` */
const changed = new Map();
/** @type {WeakMap<HtmxContext, number>} when the request was sent */
const sent = new WeakMap();
/** @type {WeakMap<object, Map<string, State>>} task of a swap -> what was changed since its request was sent */
const kept = new WeakMap();
/** @type {Map<string, State>} the same of the swap that came last, while it goes on */
let latest = new Map();
/** @type {{ element: Element, field: string, range: [number | null, number | null], stays: boolean } | null} */
let place = null; // where the learner is; does it stay there though the answer asks for the focus?
let touched = 0; // when the learner last moved the focus, typed or chose

/** @param {unknown} target @returns {Field | null} */
function field(target) {
  const fields = [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement];
  return fields.some((kind) => target instanceof kind) ? /** @type {Field} */ (target) : null;
}

/** @param {Field} each @returns {boolean} */
function isTicked(each) {
  return each instanceof HTMLInputElement && (each.type === "radio" || each.type === "checkbox");
}

/** @param {Field} each @returns {State} */
function state(each) {
  return { value: each.value, checked: each instanceof HTMLInputElement && each.checked };
}

/** @param {Field} each @param {State} state */
function set(each, { value, checked }) {
  if (isTicked(each) && each instanceof HTMLInputElement) each.checked = checked;
  else if (each.value !== value) each.value = value;
}

/** @param {Field} each has it what the server's HTML says */
function follow(each) {
  changed.delete(fieldOf(each));
  if (each instanceof HTMLSelectElement) {
    for (const option of each.options) option.selected = option.defaultSelected;
    if (each.selectedIndex < 0) each.selectedIndex = 0;
  } else if (isTicked(each) && each instanceof HTMLInputElement) {
    each.checked = each.defaultChecked;
  } else if (each.type !== "hidden" && each.type !== "file") {
    set(each, { value: each.defaultValue, checked: false });
  }
}

/** @param {{ task: object, newContent: Node[] }} detail */
function settle({ task, newContent }) {
  for (const root of newContent) {
    if (!(root instanceof Element)) continue;
    const own = root.matches(FIELDS) ? [root] : [];
    for (const each of [...own, ...all(FIELDS, HTMLElement, root)]) {
      const found = field(each);
      if (!found || found.closest(OWN_WAY)) continue;
      const state = kept.get(task)?.get(fieldOf(found));
      if (state && !found.disabled) set(found, state);
      else follow(found);
    }
  }
}

/** @param {Element | null} element @returns {[number | null, number | null]} */
function range(element) {
  const typed = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element : null;
  try {
    return [typed?.selectionStart ?? null, typed?.selectionEnd ?? null];
  } catch {
    return [null, null]; // a kind of field without a selection
  }
}

/** Back to where the learner was, if that is a field that was replaced, or if the answer has taken the focus away. */
function restore() {
  if (!place || (!place.stays && document.activeElement !== document.body)) return;
  const { element, field: name, range: [start, end] } = place;
  const now = element.isConnected ? element : name ? find(name) : null;
  if (!(now instanceof HTMLElement) || now.matches(":disabled")) return;
  if (document.activeElement !== now) now.focus({ preventScroll: true });
  if (start === null || String(range(now)) === String([start, end])) return;
  if (now instanceof HTMLInputElement || now instanceof HTMLTextAreaElement) now.setSelectionRange(start, end);
}

for (const kind of /** @type {const} */ (["input", "change"])) {
  document.addEventListener(kind, ({ target }) => {
    const each = field(target);
    touched = performance.now();
    if (!each?.name) return;
    changed.set(fieldOf(each), touched);
    latest.set(fieldOf(each), state(each));
  }, true);
}

document.addEventListener("focusin", () => {
  touched = performance.now();
}, true);

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  sent.set(ctx, performance.now());
});

document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  const since = sent.get(ctx) ?? 0; // a frame has been asked for by nobody: all that was typed stays
  latest = new Map();
  for (const [name, at] of changed) {
    const each = field(find(name));
    if (each && at > since) latest.set(name, state(each));
  }
  for (const task of tasks) kept.set(task, latest);
  const active = document.activeElement;
  const typed = field(active);
  const here = active && active !== document.body && (typed || touched > since);
  const name = typed?.name ? fieldOf(typed) : "";
  place = here ? { element: active, field: name, range: range(active), stays: touched > since } : null;
});

document.addEventListener("htmx:before:settle", ({ detail }) => settle(detail));
document.addEventListener("htmx:after:settle", ({ detail }) => settle(detail));

document.addEventListener("htmx:after:swap", () => {
  restore();
  place = null;
});

// When the control that has the focus is gone or hidden, a neighbour takes the focus over: it never falls to the page, where
// the next Tab would begin at the top. What was answered comes first (data-told), then another control beside it.

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

let due = 0; // an animation frame; what is seen is asked behind it, when all is laid out

function keepSoon() {
  due ||= requestAnimationFrame(() => setTimeout(keep));
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
