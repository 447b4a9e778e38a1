// Evaluated in the page: notes when each frame has been painted, and every long task.

/** @type {{ frames: { seq: number, at: number }[], tasks: number[], pressed: number }} */
const watched = { frames: [], tasks: [], pressed: 0 };
Object.assign(window, { watched });

function now() {
  return (performance.timeOrigin + performance.now()) / 1000;
}

new PerformanceObserver((list) => {
  for (const task of list.getEntries()) watched.tasks.push(task.duration);
}).observe({ type: "longtask" });

document.addEventListener("lesson:frame", ({ detail: { seq } }) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => watched.frames.push({ seq, at: now() });
  requestAnimationFrame(() => port2.postMessage(null)); // a task behind the frame's rendering
});

document.addEventListener("click", () => (watched.pressed = now()), true);
