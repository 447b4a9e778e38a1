// The form for the next run: sliders and numbers go together, the flag on the time axis is the prediction, and the question
// beside it follows them all.

import { all, around, first, part } from "./dom.js";

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
