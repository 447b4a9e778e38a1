// The moment that is seen, for others: kept in the form that shares it and in the links that export it, and copied.

import { all, around, first } from "./dom.js";
import { pinned } from "./pinned.js";

// The form: the event that was shown last, and the pinned request.

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

// Links with `data-moment` lead to what is on the page: the pinned request, and the event shown last unless it is "pin".

/** @param {Event} event */
function lead({ target }) {
  const link = around(target, "a[data-moment]", HTMLAnchorElement);
  const pin = pinned();
  if (!link || !pin) return;
  const url = new URL(link.href);
  url.searchParams.set("lane", pin.lane);
  url.searchParams.set("request", pin.request);
  const shown = document.getElementById("seq")?.textContent;
  if (shown && link.dataset.moment !== "pin") url.searchParams.set("cursor", shown);
  link.href = url.href;
}

// Before it is used in any way: followed, opened in a window, copied.
for (const kind of ["pointerover", "focusin", "click", "contextmenu"]) document.addEventListener(kind, lead, true);

// Buttons that copy the text of a field: `data-copy` is the field's id. Without scripts they are not shown.

const SHOWN = "[data-copy]";
const FAILED = "Could not copy. The text is selected: press Ctrl+C, or ⌘C on a Mac.";

function showButtons() {
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
document.addEventListener("htmx:after:swap", showButtons);
showButtons();
