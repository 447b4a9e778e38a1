// Keys of the card that has the focus: Space shows its answer, 1 to 4 grade it. A new card takes the focus over.

import { all, around, first } from "./dom.js";

document.addEventListener("keydown", (event) => {
  const card = around(event.target, ".flash", HTMLElement);
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof HTMLInputElement) return; // a number is typed
  if (event.key === " " && event.target instanceof HTMLButtonElement) return; // the button's own key
  const wanted = all("[data-key]", HTMLElement, card).find((each) => each.dataset.key === event.key);
  if (!wanted) return;
  event.preventDefault();
  if (!event.repeat) wanted.click(); // a key held down answers one card, not the next ones
});

document.addEventListener("htmx:after:swap", () => {
  const deck = first("#deck[data-swapped]", HTMLElement);
  deck?.removeAttribute("data-swapped");
  first(".flash", HTMLElement, deck)?.focus();
});
