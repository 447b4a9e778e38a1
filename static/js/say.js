// Controls with `data-say` speak to the server: buttons when they are pressed, fields and forms when they change. Their own
// name and value go along with what `data-say` says.

import { around } from "./dom.js";

const REST = 35; // ms without a move after which a control that is dragged rests, and speaks; …
const LONG = 650; // … it does not wait for that longer than so many

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
let dragged = null; // has moved since its last word …
let since = 0; // … at this time for the first time
let waiting = 0;
/** @type {HTMLElement | null} */
let said = null; // rests where its last word told

function sayDragged() {
  if (dragged) sayOf(dragged, /** @type {[string, unknown][]} */ (fieldsOf(dragged)));
  [said, dragged] = [dragged, null];
}

document.addEventListener("click", ({ target }) => {
  const button = around(target, "button[data-say]", HTMLButtonElement);
  if (button) sayOf(button);
});

document.addEventListener("input", ({ target }) => {
  const slider = around(target, "input[type=range][data-say]", HTMLInputElement);
  if (!slider) return;
  if (dragged !== slider) [dragged, since] = [slider, performance.now()];
  said = null;
  clearTimeout(waiting);
  if (performance.now() - since > LONG) sayDragged();
  else waiting = setTimeout(sayDragged, REST);
});

document.addEventListener("change", ({ target }) => {
  const control = around(target, "[data-say]", HTMLElement);
  if (!control || control instanceof HTMLButtonElement) return;
  if (control === dragged) dragged = null;
  if (control !== said) sayOf(control, /** @type {[string, unknown][]} */ (fieldsOf(control)));
});

document.addEventListener("submit", (event) => {
  const form = around(event.target, "form[data-say]", HTMLFormElement);
  if (!form) return;
  event.preventDefault();
  sayOf(form, /** @type {Iterable<[string, unknown]>} */ (new FormData(form)));
});
