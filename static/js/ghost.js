// What the numbers in the controls would change, before they are sent: worker slots, how many come, how long it should take.
// Where a guess is asked for, the length is shown once there is one: the question comes before the answer.

import { first, part } from "./dom.js";

/** @typedef {import("./scene.js").Box} Box */
/** @typedef {import("./scene.js").Head} Head */
/** @typedef {import("./scene.js").Header} Header */
/** @typedef {{ slots: string, box: string, queue: string, law: number | null, guess: number | null, asked: boolean }} Ghost */

/** @param {HTMLFormElement | null} form @param {string} name */
function number(form, name) {
  const field = first(`input[name="${name}"]`, HTMLInputElement, form);
  return field?.value && field.validity.valid ? field.valueAsNumber : null;
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
