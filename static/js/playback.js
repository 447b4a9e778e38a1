// The playhead: follows the frames, keeps the moment in the address, and gives the stage its keys.

const SETTLED = 300; // ms without another move after which the address and the listener are told
const REPEAT = 100; // ms between two repetitions of a key that is held down
const TYPED = "select, textarea, [contenteditable], input:not([type=range], [type=checkbox])";
const PRESSED = "button, a, summary, [type=checkbox]"; // take the space bar for themselves
const TOLD = { live: "Live", paused: "Paused", playing: "Playing" };

let dragging = false;
let asked = false; // a button or a key has asked for another moment
let settling = 0;
let stood = ""; // where the last frame that counts for the address stood
let latest = null; // the last frame
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
  const here = frame.mode === "live" || frame.over;
  if (here && document.activeElement === part("live")) part("toggle").focus({ preventScroll: true });
  part("live").hidden = here;
  part("stage").toggleAttribute("data-over", frame.over);
  document.querySelector("[name=rate]").value = frame.rate;
  if (frame.mode === "playing" || (frame.mode === "live" && !over)) say(part("toggle"), "Pause", "pause");
  else say(part("toggle"), "Play", "play");
  const { run } = part("stage").dataset;
  asked ||= latest?.run === run && latest.mode === "playing" && frame.mode !== "playing"; // by itself, perhaps
  latest = { ...frame, run, over };
  // A run under way sends frames more often than this waits, to those who stand still, too.
  const stands = [run, frame.mode, over, frame.mode === "paused" && frame.seq].join();
  if (stands === stood && (settling || !asked)) return;
  stood = stands;
  clearTimeout(settling);
  settling = setTimeout(settle, SETTLED);
}

function settle() {
  settling = 0;
  const { run, mode, seq, text, over } = latest;
  if (part("stage")?.dataset.run !== run) return;
  if (mode !== "playing") remember(mode === "paused" && !over ? seq : null);
  if (asked) part("told").textContent = `${over ? "At the end" : TOLD[mode]}, ${text}`;
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
