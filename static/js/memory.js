// What this browser keeps from page to page. Where it may keep nothing, or is full, the page itself does while it is open.

class Memory {
  /** @type {Map<string, string>} */
  #unkept = new Map();
  #storage;

  /** @param {() => Storage} storage asking for it may throw already */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @param {string} key @returns {string | null} */
  recall(key) {
    try {
      return this.#unkept.get(key) ?? this.#storage().getItem(key);
    } catch {
      return null;
    }
  }

  /** @param {string} key @param {string} value */
  keep(key, value) {
    try {
      this.#storage().setItem(key, value);
      this.#unkept.delete(key);
    } catch {
      this.#unkept.set(key, value);
    }
  }

  /** @param {string} key */
  forget(key) {
    this.#unkept.delete(key);
    try {
      this.#storage().removeItem(key);
    } catch {
      // nothing is kept there
    }
  }
}

/** For as long as the browser likes. */
export const local = new Memory(() => localStorage);
/** For this tab, over reloads and the way back. */
export const session = new Memory(() => sessionStorage);
