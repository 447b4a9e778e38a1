// What carries frames and words: a WebSocket, or server-sent events with a POST for each word. `link.js` chooses.

/**
 * Messages of the server; lessons/live/session.py says what is in them.
 * @typedef {{
 *   content?: string, frame?: number, heard?: number, beat?: number, back?: string, closed?: number, reason?: string,
 * } & Record<string, unknown>} Message
 *
 * Hears each message, and once that no more will come.
 * @typedef {{ hear(message: Message): void, lost(): void }} Ear
 *
 * After `close` the ear hears nothing.
 * @typedef {{ send(word: object): void, close(): void }} Wire
 */

/**
 * @param {string} address path and query
 * @param {Ear} ear
 * @returns {Wire}
 */
export function overSocket(address, ear) {
  const url = new URL(address, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  const gone = new AbortController();
  const { signal } = gone;
  socket.addEventListener("message", ({ data }) => ear.hear(JSON.parse(data)), { signal });
  socket.addEventListener("close", () => ear.lost(), { signal });
  return {
    send(word) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(word));
    },
    close() {
      gone.abort();
      socket.close();
    },
  };
}

/**
 * @param {string} address path and query
 * @param {Ear} ear
 * @returns {Wire}
 */
export function overHttp(address, ear) {
  const source = new EventSource(address);
  const gone = new AbortController();
  const { signal } = gone;
  let words = ""; // where they are posted
  let last = Promise.resolve(); // one after another, so they keep their order

  /** @param {object} word */
  async function post(word) {
    const request = { method: "POST", body: JSON.stringify(word), credentials: /** @type {const} */ ("omit"), signal };
    try {
      const answer = await fetch(words, request);
      if (!answer.ok) throw new Error(answer.statusText);
    } catch {
      if (!signal.aborted) ear.lost();
    }
  }

  source.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (typeof message.words === "string") words = `/live/words/${message.words}/`;
    else ear.hear(message);
  }, { signal });
  source.addEventListener("error", () => ear.lost(), { signal });
  return {
    send(word) {
      last = last.then(() => post(word));
    },
    close() {
      gone.abort();
      source.close();
    },
  };
}
