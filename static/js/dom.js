// Elements as what they are taken for: whoever asks for an input gets an input, or nothing.

/** Does the reader wish for less motion? */
export const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * The element with this id; null when it is not on the page, or of another kind.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T | null}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  return found instanceof kind ? found : null;
}

/**
 * The first element that matches; null when there is none, or it is of another kind.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode | null} [within]
 * @returns {T | null}
 */
export function first(selector, kind, within = document) {
  const found = within?.querySelector(selector);
  return found instanceof kind ? found : null;
}

/**
 * Every element of this kind that matches.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode | null} [within]
 * @returns {T[]}
 */
export function all(selector, kind, within = document) {
  const found = [];
  for (const each of within?.querySelectorAll(selector) ?? []) if (each instanceof kind) found.push(each);
  return found;
}

/**
 * Has the element this text and nothing else. What stood there is changed, not replaced: the page keeps its styles.
 * @param {Element | null} element @param {string} text
 */
export function write(element, text) {
  const node = element?.firstChild;
  if (!element || node?.nodeValue === text) return;
  if (node instanceof Text && !node.nextSibling) node.data = text;
  else element.textContent = text;
}

/**
 * What matches, of the element itself and those around it; null when nothing does, or it is of another kind.
 * @template {Element} T
 * @param {EventTarget | null | undefined} target where an event happened
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T | null}
 */
export function around(target, selector, kind) {
  const found = target instanceof Element ? target.closest(selector) : null;
  return found instanceof kind ? found : null;
}
