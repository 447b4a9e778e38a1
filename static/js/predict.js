// The question beside "Your prediction" follows the numbers and lanes of the form.

import { first, part } from "./dom.js";

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
    const number = field(form, name)?.valueAsNumber;
    return name in NOUNS ? `${number} ${NOUNS[name]}${number === 1 ? "" : "s"}` : `${number} s`;
  });
}

/** @param {HTMLFormElement} form @param {string | undefined} lane @param {DOMStringMap} sentences */
function question(form, lane, { elsewhere = "", exact: gaps = "", general = "" }) {
  if (!lane || !new FormData(form).getAll("lanes").includes(lane)) return elsewhere;
  return NUMBERS.every((name) => field(form, name)?.checkValidity()) ? exact(form, gaps) : general;
}

function ask() {
  const form = part("controls", HTMLFormElement);
  const place = first("[data-predict]", HTMLElement, form);
  const text = first("[data-exact]", HTMLElement, place);
  if (form && place && text) text.textContent = question(form, place.dataset.predict, text.dataset);
}

document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLInputElement && target.form?.id === "controls") ask();
});

document.addEventListener("htmx:after:swap", ask);

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

ask();
