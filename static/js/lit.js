// Lights a step in all its forms: what names it in `data-step` is marked, and CSS does the rest.
// Up and down lead from row to row of the execution table, which are one stop of the keyboard.

import { around, part } from "./dom.js";

/** An attribute of the page's own, kept on all elements that match a selector while frames swap them. */
export class Mark {
  /** @type {Element | null} */
  #root = null;
  #selector = "";
  #name;
  #observer = new MutationObserver(() => this.#keep());

  /** @param {string} name the attribute, for CSS to see */
  constructor(name) {
    this.#name = name;
  }

  /**
   * Marks what matches, now and later, in `root`, and nothing else.
   * @param {Element} root which no frame replaces
   * @param {string} selector
   */
  put(root, selector) {
    if (root === this.#root && selector === this.#selector) return;
    this.remove();
    this.#root = root;
    this.#selector = selector;
    this.#keep();
    const attributeFilter = [this.#name, "id", "data-step"];
    this.#observer.observe(root, { subtree: true, childList: true, attributeFilter });
  }

  remove() {
    this.#observer.disconnect();
    for (const each of this.#marked()) each.removeAttribute(this.#name);
    this.#root = null;
  }

  // Runs before the browser paints what has been swapped, so nothing is seen unmarked.
  #keep() {
    const wanted = new Set(this.#root?.querySelectorAll(this.#selector));
    for (const each of this.#marked()) if (!wanted.has(each)) each.removeAttribute(this.#name);
    for (const each of wanted) each.setAttribute(this.#name, "");
    this.#observer.takeRecords(); // of these changes
  }

  #marked() {
    return this.#root?.querySelectorAll(`[${this.#name}]`) ?? [];
  }
}

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
