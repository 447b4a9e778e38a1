// The clock of a problem. It only shows: nothing ends when it does. Switched off, it stays off for the next problems.

const OFF = "countdown-off";
const ends = new Map(); // problem -> when its time is over

function clock() {
  return document.querySelector("[data-countdown]");
}

function isOff() {
  return localStorage.getItem(OFF) === "1";
}

function show(text, said = null) {
  const place = clock();
  const left = place.querySelector("[data-left]");
  const over = place.querySelector("[data-over]");
  if (left.textContent !== text) left.textContent = text;
  if (said !== null && over.textContent !== said) over.textContent = said;
}

function tick() {
  const place = clock();
  if (!place) return;
  const problem = place.closest("[data-problem]").dataset.problem;
  if (!ends.has(problem)) ends.set(problem, Date.now() + Number(place.dataset.countdown) * 1000);
  place.hidden = false;
  const button = place.querySelector("[data-switch]");
  button.textContent = isOff() ? "Switch the clock on" : "Switch the clock off";
  if (isOff()) return show("", "");
  const left = Math.ceil((ends.get(problem) - Date.now()) / 1000);
  if (left <= 0) return show("0:00", "Time is up. Take the time you need: nothing is lost.");
  show(`${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`, "");
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-switch]")) return;
  localStorage.setItem(OFF, isOff() ? "0" : "1");
  tick();
});

tick();
setInterval(tick, 250);
