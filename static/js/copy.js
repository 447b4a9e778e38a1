// Buttons that copy the text of a field: `data-copy` is the field's id. Without scripts they are not shown.

import { all, around, first } from "./dom.js";

const SHOWN = "[data-copy]";
const FAILED = "Could not copy. The text is selected: press Ctrl+C, or ⌘C on a Mac.";

function show() {
  for (const each of all(SHOWN, HTMLElement)) each.hidden = false;
}

/**
 * Copies what is selected, and is the text. The clipboard is there on safe pages alone, and may be forbidden.
 * @param {string} text
 */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/** @param {HTMLElement} button */
async function copy(button) {
  const field = document.getElementById(button.dataset.copy ?? "");
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.focus();
  field.select();
  const done = await copied(field.value);
  const told = first("[role=alert]", HTMLElement, field.parentElement);
  if (told) told.textContent = done ? "" : FAILED;
  if (!done) return; // the focus stays with the selected text
  button.focus();
  if (button.firstChild) button.firstChild.nodeValue = "Copied";
}

document.addEventListener("click", ({ target }) => {
  const button = around(target, SHOWN, HTMLElement);
  if (button) copy(button);
});
document.addEventListener("htmx:after:swap", show);
show();
