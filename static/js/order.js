// Lines to put in order: a press puts a line into the next free place, and takes it out again. The line has the number of
// its place, and the code shows what comes of it.

import { all, around, first, write } from "./dom.js";

const FORM = "[data-order]";

/** @param {Element} form @returns {HTMLSelectElement[]} the places, from the top */
function places(form) {
  return all("select", HTMLSelectElement, form);
}

/** @param {HTMLElement} form */
function show(form) {
  const chosen = places(form);
  const taken = chosen.map((each) => each.value);
  for (const place of chosen) {
    for (const option of place.options) {
      option.disabled = option.value !== "" && option.value !== place.value && taken.includes(option.value);
    }
  }
  for (const button of all("[data-line]", HTMLButtonElement, form)) {
    const place = taken.indexOf(button.dataset.line ?? "") + 1;
    button.setAttribute("aria-pressed", String(place > 0));
    const number = first("[data-place]", HTMLElement, button);
    if (number) write(number, place ? String(place) : "");
  }
  const blank = first("[data-blank]", HTMLElement, around(form, ".exercise", HTMLElement));
  if (!blank) return;
  const indent = /(?:^|\n)([ ]*)$/.exec(before(blank))?.[1] ?? "";
  const lines = chosen.map((each) => each.value && (each.selectedOptions[0]?.dataset.text ?? ""));
  write(blank, lines.filter(Boolean).join(`\n${indent}`) || "____");
}

/** @param {HTMLElement} blank @returns {string} the code before it */
function before(blank) {
  const code = around(blank, "code", HTMLElement);
  if (!code) return "";
  const range = document.createRange();
  range.setStart(code, 0);
  range.setEndBefore(blank);
  return range.toString();
}

document.addEventListener("change", ({ target }) => {
  const form = around(target, FORM, HTMLElement);
  if (form) show(form);
});

document.addEventListener("click", ({ target }) => {
  const button = around(target, "[data-line]", HTMLButtonElement);
  const form = around(button, FORM, HTMLElement);
  if (!button || !form) return;
  const line = button.dataset.line ?? "";
  const chosen = places(form);
  const held = chosen.find((each) => each.value === line);
  const free = chosen.find((each) => each.value === "");
  if (held) held.value = "";
  else if (free) free.value = line;
  show(form);
});

document.addEventListener("htmx:after:swap", () => all(FORM, HTMLElement).forEach(show));
all(FORM, HTMLElement).forEach(show);
