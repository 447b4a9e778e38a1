// Controls with `data-say` speak to the server: buttons when they are pressed, fields and forms when they change. Their own
// name and value go along with what `data-say` says.

import { around } from "./dom.js";

const OFTEN = 350; // ms between two words of a control that is dragged

/** @param {Record<string, unknown>} word */
function say(word) {
  return !document.dispatchEvent(new CustomEvent("lesson:say", { cancelable: true, detail: word }));
}

/** @param {HTMLElement} control @param {Iterable<[string, unknown]>} [fields] */
function sayOf(control, fields = []) {
  return say({ ...JSON.parse(control.dataset.say ?? "{}"), ...Object.fromEntries(fields) });
}

/** @param {HTMLElement} control */
function fieldsOf(control) {
  if (control instanceof HTMLFormElement) return new FormData(control);
  if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) {
    return [[control.name, control.value]];
  }
  return [];
}

/** @type {HTMLElement | null} */
let dragged = null; // has moved since its last word
let waiting = 0;

function sayDragged() {
  waiting = 0;
  if (!dragged) return;
  sayOf(dragged, /** @type {[string, unknown][]} */ (fieldsOf(dragged)));
  dragged = null;
  waiting = setTimeout(sayDragged, OFTEN);
}

document.addEventListener("click", ({ target }) => {
  const button = around(target, "button[data-say]", HTMLButtonElement);
  if (button) sayOf(button);
});

document.addEventListener("input", ({ target }) => {
  const slider = around(target, "input[type=range][data-say]", HTMLInputElement);
  if (!slider) return;
  dragged = slider;
  if (!waiting) sayDragged();
});

document.addEventListener("change", ({ target }) => {
  const control = around(target, "[data-say]", HTMLElement);
  if (!control || control instanceof HTMLButtonElement) return;
  if (control === dragged) dragged = null;
  sayOf(control, /** @type {[string, unknown][]} */ (fieldsOf(control)));
});

document.addEventListener("submit", (event) => {
  const form = around(event.target, "form[data-say]", HTMLFormElement);
  if (!form) return;
  event.preventDefault();
  sayOf(form, /** @type {Iterable<[string, unknown]>} */ (new FormData(form)));
});
