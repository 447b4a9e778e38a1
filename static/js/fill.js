// Shows the chosen filling in the blank of its code, and lets it be dragged there.

import { all, around, first } from "./dom.js";

const TYPE = "text/x-filling";
const OPTION = "[data-fill] .filling";

/** @param {HTMLElement | null} option @returns {HTMLInputElement | null} */
function choice(option) {
  return first("input", HTMLInputElement, option);
}

/** @param {HTMLInputElement} input */
function show(input) {
  const blank = first(`[data-blank="${input.name}"]`, HTMLElement, around(input, ".exercise", HTMLElement));
  const filling = first("code", HTMLElement, around(input, "label", HTMLElement));
  if (blank && filling) blank.textContent = filling.textContent;
}

/** @param {HTMLElement} exercise @param {{ task?: unknown, name?: unknown, value?: unknown }} dragged */
function choose(exercise, { task, name, value }) {
  const inputs = all("input[type=radio]", HTMLInputElement, exercise);
  const input = inputs.find((each) => each.name === name && each.value === value && !each.disabled);
  if (exercise.id !== task || !input) return; // of another task, or tried meanwhile
  input.checked = true;
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("change", ({ target }) => {
  const input = around(target, "[data-fill] input[type=radio]", HTMLInputElement);
  if (input) show(input);
});

document.addEventListener("pointerdown", (event) => {
  const option = around(event.target, OPTION, HTMLElement);
  if (option && event.pointerType === "mouse") option.draggable = choice(option)?.disabled === false;
});

document.addEventListener("dragstart", ({ target, dataTransfer }) => {
  const input = choice(around(target, OPTION, HTMLElement));
  if (!input || !dataTransfer) return;
  dataTransfer.setData(TYPE, JSON.stringify({ task: input.form?.dataset.fill, name: input.name, value: input.value }));
  dataTransfer.effectAllowed = "copy";
});

document.addEventListener("dragover", (event) => {
  const code = around(event.target, ".exercise .code", HTMLElement);
  if (code && event.dataTransfer?.types.includes(TYPE)) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const exercise = around(event.target, ".exercise", HTMLElement);
  const dragged = event.dataTransfer?.getData(TYPE);
  if (!exercise || !dragged) return;
  event.preventDefault();
  choose(exercise, JSON.parse(dragged));
});
