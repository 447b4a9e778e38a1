// The playhead: follows the frames, keeps the moment in the address, and gives the stage its keys.

const SETTLED = 300; // ms without another frame after which the address and the listener are told
const REPEAT = 100; // ms between two repetitions of a key that is held down
const TYPED = "select, textarea, [contenteditable], input:not([type=range], [type=checkbox])";
const PRESSED = "button, a, summary, [type=checkbox]"; // take the space bar for themselves

let dragging = false;
let asked = false; // a button or a key has asked for another moment
let settling = 0;
let repeated = 0;

const part = (id) => document.getElementById(id);

function say(button, name, type) {
  button.setAttribute("aria-label", name);
  button.setAttribute("hx-vals", JSON.stringify({ type }));
}

function follow(frame) {
  const scrubber = part("scrubber");
  const over = frame.over && frame.seq === frame.end;
  scrubber.max = Math.max(frame.last, 0.001);
  if (!dragging) scrubber.value = frame.at;
  scrubber.setAttribute("aria-valuetext", frame.text);
  part("ticks").setAttribute("viewBox", `0 0 ${Math.max(1, Math.round(frame.last * 1000))} 1`);
  part("seq").textContent = frame.seq;
  part("end").textContent = frame.end;
  part("live").hidden = frame.mode === "live" || frame.over;
  part("stage").toggleAttribute("data-over", frame.over);
  document.querySelector("[name=rate]").value = frame.rate;
  if (frame.mode === "playing" || (frame.mode === "live" && !over)) say(part("toggle"), "Pause", "pause");
  else say(part("toggle"), "Play", "play");
  clearTimeout(settling);
  settling = setTimeout(settle, SETTLED, frame, part("stage").dataset.run, over);
}

function settle(frame, run, over) {
  if (part("stage")?.dataset.run !== run) return;
  if (frame.mode !== "playing") remember(frame.mode === "paused" && !over ? frame.seq : null);
  if (asked) part("told").textContent = `${{ live: "Live", paused: "Paused", playing: "Playing" }[frame.mode]}, ${frame.text}`;
  asked = false;
}

function remember(cursor) {
  const address = new URL(location);
  address.searchParams.delete("step");
  if (cursor === null) address.searchParams.delete("cursor");
  else address.searchParams.set("cursor", cursor);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

function concerns(target) {
  const stage = part("stage");
  if (!part("scrubber") || target.matches(TYPED)) return false;
  if (target !== document.body && target.id !== "main") return stage.contains(target);
  const { top, bottom } = stage.getBoundingClientRect();
  return top < innerHeight && bottom > 0;
}

function scrolls(target) {
  return target.matches("[tabindex]") && target.scrollWidth > target.clientWidth && target !== document.body;
}

function pin(number) {
  const { request } = document.querySelector(".pin-form").elements;
  if (number > Number(request.max)) return;
  request.value = number;
  request.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("htmx:after:ws:message", (event) => {
  const frame = event.detail.message.json;
  if (frame?.mode && part("scrubber")) follow(frame);
});

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !concerns(target)) return;
  const moves = /^(Arrow|Home|End)/.test(key);
  if ((key === " " && target.matches(PRESSED)) || (moves && scrolls(target))) return;
  const name = event.shiftKey && key !== "?" ? `Shift+${key}` : key;
  const button = [...document.querySelectorAll(".playhead [data-key]")].find((each) => each.dataset.key === name);
  if (!button && !/^[1-9]$/.test(name)) return;
  event.preventDefault();
  if (event.repeat && (!moves || event.timeStamp - repeated < REPEAT)) return;
  repeated = event.timeStamp;
  if (button) button.click();
  else pin(Number(name));
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.(".playhead [hx-vals]")) asked = true;
});

document.addEventListener("pointerdown", (event) => {
  dragging = event.target.id === "scrubber";
});
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (dragging = false));
