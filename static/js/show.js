// Brings a run that was just sent into view. "Show me in my run": goes to the moment of a step and lights its row; offers
// the right run where the one on the stage lacks the lane.

import { all, around, first, part, still } from "./dom.js";
import { Mark } from "./lit.js";
import { pin } from "./pinned.js";

const LOW = 0.35; // of the window's height, below which a stage that is sent for is brought up
const shown = new Mark("data-shown");

/** Brings the stage into view. @param {HTMLElement} stage */
function bring(stage) {
  stage.scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block: "start" });
}

/** @param {string} step */
function show(step) {
  const [stage, table] = [part("stage", HTMLElement), part("table", HTMLElement)];
  if (!stage || !table) return;
  shown.put(stage, `#step-${CSS.escape(step)}`);
  table.focus({ preventScroll: true });
  bring(stage);
}

/** @param {HTMLElement | null} element @param {boolean} hidden */
function hide(element, hidden) {
  if (element) element.hidden = hidden;
}

function offer() {
  const lanes = all("#stage [data-lane]", HTMLElement).map((lane) => lane.dataset.lane);
  const recorded = part("stage", HTMLElement)?.dataset.run?.startsWith("recorded-");
  for (const each of all(".evidence", HTMLElement)) {
    const there = first(".there", HTMLElement, each); // in the learner's last run, which says more than the recorded one
    const here = lanes.includes(each.dataset.evidence) && !(recorded && there);
    hide(first("a", HTMLElement, each), !here);
    hide(there, here);
    hide(first("form", HTMLElement, each), here || there !== null);
  }
}

document.addEventListener("click", (event) => {
  const link = around(event.target, "a[data-show-step]", HTMLElement);
  if (!link || !part("table", HTMLElement)) return;
  const { showLane: lane = "", showRequest: request = "", showStep: step = "" } = link.dataset;
  const detail = { type: "show", lane, request, step };
  if (document.dispatchEvent(new CustomEvent("lesson:say", { cancelable: true, detail }))) return; // nobody can say it
  event.preventDefault();
  pin(lane, request); // the address keeps it
  show(step);
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  offer();
  const form = detail.ctx?.sourceElement;
  const stage = part("stage", HTMLElement);
  const sends = form?.id === "controls" || form?.classList.contains("try-it");
  if (sends && stage && stage.getBoundingClientRect().top > innerHeight * LOW) bring(stage);
  if (form instanceof HTMLFormElement && form.dataset.showStep) show(form.dataset.showStep);
});
