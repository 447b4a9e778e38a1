// A message beside the control that was pressed, which stays there whatever is swapped in, until that is answered.

import { first } from "./dom.js";
import { find, originOf } from "./forms.js";

/** @typedef {import("./failures.js").Failure} Failure */

const LABELS = { again: "Try again", reload: "Reload the page", open: "Open the site in a new tab" };

/** @type {Map<string, HTMLElement>} selector of the place -> the note in it */
const notes = new Map();

/** @param {string} label @param {() => void} press */
function button(label, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}

/**
 * @param {Failure} failure
 * @param {() => void} again
 */
function actions({ act }, again) {
  const acts = document.createElement("p");
  acts.className = "failure-acts";
  if (act === "reload") acts.append(button(LABELS.reload, () => location.reload()));
  if (act === "open") {
    const link = document.createElement("a");
    Object.assign(link, { className: "button", href: location.href, target: "_blank", textContent: LABELS.open });
    acts.append(link);
  }
  if (act === "again" || act === "open") acts.append(button(LABELS.again, again));
  return acts;
}

/**
 * A note that is not on the page yet.
 * @param {"alert" | "status"} role
 * @param {string} text
 * @param {HTMLElement} acts
 */
export function written(role, text, acts) {
  const note = document.createElement("div");
  const said = document.createElement("p");
  note.className = "failure";
  note.setAttribute("role", role);
  said.textContent = text;
  note.append(said, acts);
  return note;
}

/** @param {Element} place @param {HTMLElement} note */
function put(place, note) {
  if (place instanceof HTMLFormElement) place.append(note);
  else if (place.id === "main") place.prepend(note);
  else place.after(note);
}

/**
 * Says why nothing of the answer was taken.
 * @param {HtmxContext} ctx
 * @param {Failure} failure
 * @param {() => void} again repeats what was pressed
 */
export function tell(ctx, failure, again) {
  const selector = originOf(ctx).place;
  const place = find(selector);
  if (!place) return;
  const before = notes.get(selector);
  const focused = before?.contains(document.activeElement);
  const note = written("alert", `${failure.what} ${failure.todo}`, actions(failure, again));
  before?.remove();
  notes.set(selector, note);
  put(place, note);
  if (focused) first("button", HTMLElement, note)?.focus();
}

/** What was told is over: the same control has been answered. @param {HtmxContext} ctx */
export function hush(ctx) {
  const { place, button } = originOf(ctx);
  const note = notes.get(place);
  if (!note) return;
  notes.delete(place);
  if (note.contains(document.activeElement)) find(button)?.focus();
  note.remove();
}

document.addEventListener("htmx:after:swap", () => {
  for (const [selector, note] of notes) {
    if (note.isConnected) continue;
    const place = find(selector);
    if (place) put(place, note);
    else notes.delete(selector);
  }
});
