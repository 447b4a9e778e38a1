// What asks again and again by itself: a report while its run goes on, the figures of a measurement. It goes on asking when
// it fails, less often each time, says so after a few times, and is right again as soon as there is an answer.

import { find } from "./forms.js";
import { written } from "./notes.js";

/** @typedef {import("./failures.js").Failure} Failure */

const SILENT = 2; // failures that nobody need hear of
const FIRST = 500; // ms until it is tried again, doubled each time
const MOST = 15_000; // ms

/** @typedef {{ failures: number, next: number, note: HTMLElement | null }} Trouble */
/** @type {Map<string, Trouble>} address that is asked -> what is wrong with it */
const troubles = new Map();

/** @param {HtmxContext} ctx */
export function polls(ctx) {
  return ctx.sourceEvent?.type === "every";
}

/** @param {HtmxContext} ctx */
function placeOf({ target }) {
  return typeof target === "string" ? find(target) : target;
}

/** @param {Trouble} trouble */
function now(trouble) {
  trouble.next = 0;
}

/** @param {HtmxContext} ctx @param {Trouble} trouble @param {string} text @param {boolean} over */
function say(ctx, trouble, text, over) {
  const acts = document.createElement("p");
  const button = document.createElement("button");
  acts.className = "failure-acts";
  Object.assign(button, { type: "button", textContent: over ? "Reload the page" : "Try now" });
  button.addEventListener("click", () => over ? location.reload() : now(trouble));
  acts.append(button);
  if (trouble.note?.textContent === text + button.textContent && trouble.note.isConnected) return;
  const note = written("status", text, acts);
  if (trouble.note?.isConnected) trouble.note.replaceWith(note);
  else placeOf(ctx)?.prepend(note);
  trouble.note = note;
}

/**
 * There was no answer that could be taken.
 * @param {HtmxContext} ctx
 * @param {Failure} failure
 */
export function failed(ctx, failure) {
  const address = ctx.request?.action ?? "";
  const trouble = troubles.get(address) ?? { failures: 0, next: 0, note: null };
  troubles.set(address, trouble);
  const pause = Math.min(FIRST * 2 ** trouble.failures, MOST) * (0.75 + Math.random() / 2);
  trouble.failures += 1;
  trouble.next = performance.now() + Math.max(pause, failure.wait * 1000);
  const over = failure.kind === "gone";
  if (over) ctx.sourceElement.remove(); // nobody need ask any more
  if (over) say(ctx, trouble, failure.what, true);
  else if (trouble.failures > SILENT) {
    say(ctx, trouble, `${failure.what} What stands here may be old. Trying again by itself.`, false);
  }
}

/** There is an answer: all is well. @param {HtmxContext} ctx */
export function answered(ctx) {
  const address = ctx.request?.action ?? "";
  troubles.get(address)?.note?.remove();
  troubles.delete(address);
}

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const trouble = polls(ctx) && troubles.get(ctx.request?.action ?? "");
  if (trouble && performance.now() < trouble.next) event.preventDefault();
});

addEventListener("online", () => troubles.forEach(now));
