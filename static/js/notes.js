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
  const note = document.createElement("section");
  const said = document.createElement("p");
  note.className = "failure";
  note.setAttribute("role", role);
  said.textContent = text;
  note.append(said, acts);
  return note;
}

/** Inside a form, below its buttons; where the form is one of a row, below the row. @param {Element} place @param {HTMLElement} note */
function put(place, note) {
  const around = place.parentElement;
  const isInRow = around !== null && getComputedStyle(around).display === "flex";
  if (place.id === "main") place.prepend(note);
  else if (place instanceof HTMLFormElement && !isInRow) place.append(note);
  else place.after(note);
}

/** The note at this place, if there is one. @param {string} place selector */
export function noteAt(place) {
  return notes.get(place) ?? null;
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

/** What was told of a control that is gone, or hidden, is of no use; what was swapped away comes back. */
function keep() {
  for (const [selector, note] of notes) {
    const place = find(selector);
    if (!place?.checkVisibility()) {
      notes.delete(selector);
      note.remove();
    } else if (!note.isConnected) put(place, note);
  }
}

for (const kind of /** @type {const} */ (["htmx:after:swap", "lesson:frame"])) document.addEventListener(kind, keep);
