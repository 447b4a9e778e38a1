// Keeps the moment that would be shared: the event that was shown last, and the pinned request.

import { first } from "./dom.js";
import { pinned } from "./pinned.js";

const FORM = "form.share-form";

/** @param {string} name @param {string} value */
function fill(name, value) {
  const field = first(`${FORM} input[name="${name}"]`, HTMLInputElement);
  if (field) field.value = value;
}

document.addEventListener("lesson:frame", ({ detail }) => fill("cursor", String(detail.seq)));

document.addEventListener("submit", ({ target }) => {
  const choice = pinned();
  if (!choice || !(target instanceof Element) || !target.matches(FORM)) return;
  fill("lane", choice.lane);
  fill("request", choice.request);
}, true); // before htmx reads the form
