// Lights a step in all its forms: what names it in `data-step` is marked, and CSS does the rest.
// Up and down lead from row to row of the execution table, which are one stop of the keyboard.

import { around, part } from "./dom.js";
import { Mark } from "./mark.js";

const FORM = "#stage [data-step]";
const inHand = new Mark("data-in-hand");

/** @param {EventTarget | null} [at] where the pointer or the focus is; else what has the focus counts */
function light(at) {
  const stage = part("stage", HTMLElement);
  const form = around(at, FORM, Element) ?? around(document.activeElement, FORM, Element);
  const steps = form?.getAttribute("data-step");
  if (!stage || !steps) return inHand.remove();
  inHand.put(stage, steps.split(" ").map((step) => `[data-step~="${CSS.escape(step)}"]`).join());
}

/** @param {HTMLTableRowElement} row @param {string} key @returns {Element | null} */
function neighbour(row, key) {
  if (key === "ArrowUp") return row.previousElementSibling;
  return key === "ArrowDown" ? row.nextElementSibling : null;
}

/** @param {HTMLTableRowElement} row */
function stopAt(row) {
  for (const each of row.parentElement?.children ?? []) each.setAttribute("tabindex", each === row ? "0" : "-1");
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse") light(event.target);
});
document.addEventListener("pointerleave", () => light());
document.addEventListener("click", (event) => light(event.target)); // a tap of a finger
document.addEventListener("focusin", (event) => light(event.target));
document.addEventListener("focusout", () => light());

document.addEventListener("keydown", (event) => {
  const row = around(event.target, "tr[data-step]", HTMLTableRowElement);
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") inHand.remove();
  if (event.key === "Tab") stopAt(row);
  if (!["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const next = neighbour(row, event.key);
  if (next instanceof HTMLElement) next.focus();
});
