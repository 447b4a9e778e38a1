// Forms, their buttons and fields by selectors, under which they are found again when the elements were replaced.

import { around, first } from "./dom.js";

/** @param {string} name @param {string} value */
function attribute(name, value) {
  return `[${name}="${CSS.escape(value)}"]`;
}

/** @param {Element} element a form, or anything else that asks @returns {string} */
export function selectorOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const tag = element.localName;
  const told = ["action", "hx-get", "href"].find((name) => element.hasAttribute(name));
  const around = element.parentElement?.closest("[id]");
  const own = told ? tag + attribute(told, element.getAttribute(told) ?? "") : tag;
  return around ? `${selectorOf(around)} ${own}` : own;
}

/** @param {HTMLFormElement | Element} form @param {HTMLElement | null | undefined} button its submitter */
export function buttonOf(form, button) {
  const name = button?.getAttribute("name");
  const own = name
    ? attribute("name", name) + attribute("value", button?.getAttribute("value") ?? "")
    : "[type=submit]";
  return `${selectorOf(form)} button${own}`;
}

/** @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} field */
export function fieldOf(field) {
  if (field.id) return `#${CSS.escape(field.id)}`;
  const ticked = field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type);
  const own = attribute("name", field.name) + (ticked ? attribute("value", field.value) : "");
  return `${field.form ? selectorOf(field.form) : ""} ${own}`.trim();
}

/** @param {string} selector @returns {HTMLElement | null} */
export function find(selector) {
  const found = document.querySelector(selector);
  return found instanceof HTMLElement ? found : null;
}

/**
 * Where a request comes from.
 * @typedef {object} Origin
 * @property {string} form selector of what asked: a form, or a link
 * @property {string} button selector of the button that was pressed
 * @property {string} place selector of the form around it, where its failure is told
 */
/** @type {WeakMap<HtmxContext, Origin>} */
const origins = new WeakMap();

/** @param {HtmxContext} ctx @returns {Origin} as it was when it was first asked for, which is before anything is swapped */
export function originOf(ctx) {
  const source = ctx.sourceElement;
  const known = origins.get(ctx);
  if (known) return known;
  const main = source === document.body ? first("#main", HTMLElement) : null;
  const place = main ?? around(source, "form", HTMLFormElement) ?? source;
  const origin = {
    form: selectorOf(source),
    button: buttonOf(source, ctx.request?.submitter),
    place: selectorOf(place),
  };
  origins.set(ctx, origin);
  return origin;
}
