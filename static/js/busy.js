// A button that has been pressed is busy until its answer is there, and the same press counts once: Enter held down, a
// double click, five clicks. A press that is repeated because its answer was lost is known by its key.

import { all, around, first } from "./dom.js";
import { buttonOf, find, originOf, selectorOf } from "./forms.js";
import { noteAt } from "./notes.js";

const SETTLING = 300; // ms after an answer, or a press that did not count, in which the same press is the one before
const LONG = 1000; // ms after which those who cannot see it are told

/** @typedef {import("./forms.js").Origin & { since: number }} Press `since` by `performance.now()` */
/** @type {Map<HtmxContext, Press>} presses whose answer is not there yet */
const pending = new Map();
/** @type {Map<string, string>} button -> key of the press that is not answered yet */
const keys = new Map();
/** @type {{ button: string, since: number, at: number } | null} the press that was answered last, and when */
let answered = null;
let changed = 0; // when a field was changed last

/** Made of what is there on plain HTTP, too. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (each) => each.toString(16).padStart(2, "0")).join("");
}

/** @param {Press} press @returns {HTMLElement[]} what was pressed, and what would repeat it */
function controls({ form, button, place }) {
  const source = find(form);
  const pressed = source instanceof HTMLFormElement ? find(button) : source;
  return [...(pressed ? [pressed] : []), ...all("button", HTMLElement, noteAt(place))];
}

function paint() {
  for (const press of pending.values()) {
    for (const each of controls(press)) {
      each.setAttribute("aria-busy", "true");
      each.setAttribute("aria-disabled", "true");
    }
  }
}

/** @param {Press} press */
function free(press) {
  for (const each of controls(press)) {
    each.removeAttribute("aria-busy");
    each.removeAttribute("aria-disabled");
  }
}

function tellLong() {
  const place = first("#waiting", HTMLElement);
  const long = [...pending.values()].some(({ since }) => performance.now() - since > LONG - 50);
  if (place) place.textContent = long ? "Waiting for the answer." : "";
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function isRepeated(form, submitter) {
  if ([...pending.values()].some((press) => press.form === selectorOf(form))) return true;
  const settling = answered && changed < answered.since && performance.now() - answered.at < SETTLING;
  if (!answered || !settling || answered.button !== buttonOf(form, submitter)) return false;
  answered.at = performance.now();
  return true;
}

/** @param {EventTarget | null} target @returns {boolean} is it, or is it in, what posts? */
function posts(target) {
  const form = around(target, "form", HTMLFormElement);
  return form?.method === "post";
}

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.key !== "Enter" || !event.repeat || target instanceof HTMLTextAreaElement) return;
  if (posts(target)) event.preventDefault(); // held down
}, true);

document.addEventListener("click", (event) => {
  const button = around(event.target, "button", HTMLButtonElement);
  if (!button || !posts(button)) return;
  if (event.detail > 1 || button.getAttribute("aria-disabled") === "true") event.preventDefault();
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !posts(form) || !isRepeated(form, event.submitter)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

for (const kind of /** @type {const} */ (["input", "change"])) {
  document.addEventListener(kind, () => {
    changed = performance.now();
  });
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request?.method !== "POST") return;
  const { button } = originOf(ctx);
  const key = keys.get(button) ?? newKey();
  keys.set(button, key);
  ctx.request.headers["Idempotency-Key"] = key;
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceEvent?.type !== "submit" && ctx.sourceEvent?.type !== "click") return;
  pending.set(ctx, { ...originOf(ctx), since: performance.now() });
  paint();
  setTimeout(tellLong, LONG);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const press = pending.get(ctx);
  if (!press || ctx.hx?.redirect) return; // it is busy until the other page is there
  pending.delete(ctx);
  free(press);
  tellLong();
  if (ctx.failure || !ctx.response) return;
  keys.delete(press.button);
  answered = { button: press.button, since: press.since, at: performance.now() };
});

document.addEventListener("htmx:after:swap", paint);

addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return; // came back to a page that was left while it was busy
  const left = [...pending.values()];
  pending.clear();
  left.forEach(free);
});
