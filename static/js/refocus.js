// When the control that had the focus is gone after an answer, what was answered takes it over.

import { around, first } from "./dom.js";

let asked = "";

document.addEventListener("submit", (event) => {
  asked = around(event.target, ".exercise", HTMLElement)?.id ?? "";
});

document.addEventListener("htmx:after:swap", () => {
  if (!asked || document.activeElement !== document.body) return;
  first("[data-told]", HTMLElement, document.getElementById(asked))?.focus();
  asked = "";
});
