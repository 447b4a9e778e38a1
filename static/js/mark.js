// An attribute of the page's own, kept on all elements that match a selector while frames swap them.

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
