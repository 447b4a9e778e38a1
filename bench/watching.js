// Evaluated in the page: notes when each frame has been painted, every long task, what follows a press, and how the
// picture follows the scrubber. Times are seconds since 1970.

/**
 * @typedef {{ at: number, took: number }} Task s, ms
 * @typedef {{ what: string, at: number }} Change
 * @typedef {{ at: number, painted: number, frames: number }} Move an input of the scrubber, until its moment was painted
 * @typedef {{ at: number, id: number }} Word
 */
const watched = {
  frames: /** @type {{ seq: number, heard: number, at: number }[]} */ ([]),
  tasks: /** @type {Task[]} */ ([]),
  pressed: 0,
  changes: /** @type {Change[]} */ ([]), // the first after the press, and the new stage
  quiet: 0, // when something on the page changed last
  moves: /** @type {Move[]} */ ([]),
  pointer: 0, // when the pointer moved, went down or up last
  words: /** @type {Word[]} */ ([]), // scrubs that were sent
};
Object.assign(window, { watched });

function now() {
  return (performance.timeOrigin + performance.now()) / 1000;
}

/** @param {Event} event */
function timeOf(event) {
  return (performance.timeOrigin + event.timeStamp) / 1000;
}

/** @param {() => void} then is called in a task behind the rendering of the next animation frame */
function onPainted(then) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = then;
  requestAnimationFrame(() => port2.postMessage(null));
}

new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) {
    watched.tasks.push({ at: (performance.timeOrigin + startTime) / 1000, took: duration });
  }
}).observe({ type: "longtask" });

document.addEventListener("lesson:frame", (event) => {
  const { seq, heard = 0 } = /** @type {CustomEvent<Frame & { heard?: number }>} */ (event).detail;
  onPainted(() => watched.frames.push({ seq, heard, at: now() }));
});

// What follows a press

document.addEventListener("click", (event) => {
  watched.pressed = timeOf(event);
  watched.changes = [];
}, true);

/** @param {string} what */
function changed(what) {
  if (watched.changes.some((change) => change.what === what)) return;
  const change = { what, at: NaN };
  watched.changes.push(change);
  onPainted(() => (change.at = now()));
}

const observer = new MutationObserver((records) => {
  watched.quiet = now();
  if (!watched.pressed) return;
  changed("first");
  const added = records.flatMap((record) => [...record.addedNodes]);
  if (added.some((node) => node instanceof Element && node.id === "stage")) {
    changed("stage");
    const seq = numberIn("seq"); // what the server knew as it answered
    onPainted(() => watched.frames.push({ seq, heard: 0, at: now() }));
    observer.disconnect(); // nothing is to slow down what follows
  }
});
observer.observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });

// How the picture follows the scrubber

/** @param {string} id */
function numberIn(id) {
  const found = document.getElementById(id);
  return found instanceof HTMLInputElement ? found.valueAsNumber : parseFloat(found?.textContent ?? "");
}

document.addEventListener("input", (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.id !== "scrubber") return;
  const move = { at: timeOf(event), painted: 0, frames: 0 };
  watched.moves.push(move);
  const look = () => {
    move.frames += 1;
    if (Math.abs(numberIn("true-time") - numberIn("scrubber")) < 0.006) move.painted = now();
    else onPainted(look);
  };
  onPainted(look);
}, true);

const { send } = WebSocket.prototype;
/** @this {WebSocket} @param {Parameters<typeof send>[0]} data */
WebSocket.prototype.send = function (data) {
  const word = JSON.parse(String(data));
  if (word.type === "scrub") watched.words.push({ at: now(), id: word.id });
  send.call(this, data);
};

for (const kind of ["pointerdown", "pointermove", "pointerup"]) {
  document.addEventListener(kind, (event) => (watched.pointer = timeOf(event)), true);
}
