// Evaluated in the page: notes when each frame has been painted, and every long task.
window.watched = { frames: [], tasks: [], pressed: 0 };
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.watched.tasks.push(task.duration);
}).observe({ type: "longtask" });
document.addEventListener("htmx:after:ws:message", (event) => {
  const { frame, seq } = event.detail.message.json ?? {};
  if (frame === undefined) return;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => window.watched.frames.push({ seq, at: (performance.timeOrigin + performance.now()) / 1000 });
  requestAnimationFrame(() => port2.postMessage(null)); // a task behind the frame's rendering
});
document.addEventListener(
  "click",
  () => (window.watched.pressed = (performance.timeOrigin + performance.now()) / 1000),
  true,
);
