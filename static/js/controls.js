// The form for the next run: sliders and numbers go together, the flag on the time axis is the prediction, and the question
// beside it follows them all. Before it is sent, its numbers have ghosts in the pictures.

import { all, around, first, part } from "./dom.js";

/** @typedef {import("./scene.js").Box} Box */
/** @typedef {import("./scene.js").Head} Head */
/** @typedef {import("./scene.js").Header} Header */
/** @typedef {{ slots: string, box: string, queue: string, law: number | null, guess: number | null, asked: boolean }} Ghost */

/** @type {Record<string, string>} field -> what its number counts; the others are seconds */
const NOUNS = { requests: "request", workers: "worker" };
const NUMBERS = ["requests", "wait", "workers"];

/** @param {HTMLFormElement} form @param {string} name */
function field(form, name) {
  return first(`input[name="${name}"]`, HTMLInputElement, form);
}

/** @param {HTMLFormElement} form @param {string} gaps a sentence with the names of fields in braces */
function exact(form, gaps) {
  return gaps.replace(/{(\w+)}/g, (_, /** @type {string} */ name) => {
    const number = Number(field(form, name)?.value);
    return name in NOUNS ? `${number} ${NOUNS[name]}${number === 1 ? "" : "s"}` : `${number} s`;
  });
}

/** @param {HTMLFormElement} form @param {string | undefined} lane @param {DOMStringMap} sentences */
function question(form, lane, { elsewhere = "", exact: gaps = "", general = "" }) {
  if (!lane || !new FormData(form).getAll("lanes").includes(lane)) return elsewhere;
  return NUMBERS.every((name) => field(form, name)?.checkValidity()) ? exact(form, gaps) : general;
}

function follow() {
  const form = part("controls", HTMLFormElement);
  if (!form) return;
  const place = first("[data-predict]", HTMLElement, form);
  const text = first("[data-exact]", HTMLElement, place);
  if (place && text) text.textContent = question(form, place.dataset.predict, text.dataset);
  for (const slider of all("[data-slider]", HTMLInputElement, form)) {
    const number = field(form, slider.dataset.slider ?? "");
    if (number?.validity.valid) slider.value = number.value;
  }
  const [flag, guess] = [part("flag", HTMLInputElement), field(form, "prediction")];
  if (!flag || !guess) return;
  flag.value = guess.value || "0";
  flag.setAttribute("aria-valuetext", guess.value ? `${guess.value} s` : "no guess yet");
}

/** @param {HTMLInputElement | null} number @param {string} value */
function write(number, value) {
  if (!number) return;
  number.value = value;
  number.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", ({ target }) => {
  const form = part("controls", HTMLFormElement);
  const slider = around(target, "[data-slider], #flag", HTMLInputElement);
  if (form && slider) write(field(form, slider.dataset.slider ?? "prediction"), slider.value);
  else if (target instanceof HTMLInputElement && target.form === form) follow();
});

document.addEventListener("htmx:after:swap", follow);

// A number field gives "" for what is no number, which would be taken for a prediction that was skipped.
document.addEventListener(
  "submit",
  (event) => {
    const typed = event.target instanceof HTMLFormElement ? field(event.target, "prediction") : null;
    if (!typed?.validity.badInput) return;
    event.preventDefault();
    event.stopPropagation();
    typed.reportValidity();
  },
  true,
);

follow();

// What the numbers would change: worker slots, how many come, how long it should take. Where a guess is asked for, the
// length is shown once there is one: the question comes before the answer.

/** @param {HTMLFormElement | null} form @param {string} name */
function number(form, name) {
  const field = first(`input[name="${name}"]`, HTMLInputElement, form);
  return field?.value && field.validity.valid ? Number(field.value) : null;
}

/** Worker slots as the server lays them out, as lines. @param {Box} box @param {number} seats */
function slotLines({ x, y, w, h }, seats) {
  const columns = Math.ceil(seats / Math.max(1, Math.floor(h / 20)));
  const rows = Math.ceil(seats / columns);
  let path = `M${x} ${y}h${w}v${h}h${-w}z`;
  for (let at = 1; at < columns; at++) path += `M${(x + w * at / columns).toFixed(1)} ${y}v${h}`;
  for (let at = 1; at < rows; at++) path += `M${x} ${(y + h * at / rows).toFixed(1)}h${w}`;
  return path;
}

/** @param {number} requests @param {number} workers @param {number} wait @param {[string, number]} law */
function lawSeconds(requests, workers, wait, [formula, waits]) {
  /** @type {Record<string, number>} */
  const turns = { none: 0, wait: 1, sum: requests, share: requests / workers, rounds: Math.ceil(requests / workers) };
  return (turns[formula] ?? 1) * waits * wait;
}

/** What is to be shown in a lane; null where there are no controls. @param {Header} header @param {Head} head @param {Box} box @returns {Ghost | null} */
export function ghostOf(header, head, box) {
  const form = part("controls", HTMLFormElement);
  const [requests, workers, wait] = ["requests", "workers", "wait"].map((name) => number(form, name));
  if (!form || !requests || !workers || !wait) return null;
  const asked = first("[data-predict]", HTMLElement, form)?.dataset.predict === head.id;
  const guess = asked ? number(form, "prediction") : null;
  const pool = head.kind === "pool";
  const other = requests !== header.requests || wait !== header.wait || (pool && workers !== header.workers);
  return {
    slots: pool && workers !== header.workers ? slotLines(box, workers) : "",
    box: pool && workers !== header.workers ? ` → ${workers} next` : "",
    queue: requests === header.requests ? "" : ` → ${requests} next`,
    law: other && (!asked || guess !== null) ? lawSeconds(requests, workers, wait, head.law) : null,
    guess,
    asked,
  };
}
