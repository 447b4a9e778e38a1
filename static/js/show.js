// "Show me in my run": goes to the moment of a step and lights its row; offers the right run where the one on the stage
// lacks the lane.

const STILL = "(prefers-reduced-motion: reduce)";

function show(step) {
  const table = document.getElementById("table");
  if (!table) return;
  table.dataset.show = step;
  const behavior = matchMedia(STILL).matches ? "auto" : "smooth";
  table.focus({ preventScroll: true });
  table.scrollIntoView({ behavior, block: "center" });
}

function offer() {
  const lanes = [...document.querySelectorAll("#stage [data-lane]")].map((lane) => lane.dataset.lane);
  const recorded = document.getElementById("stage")?.dataset.run.startsWith("recorded-");
  for (const each of document.querySelectorAll(".evidence")) {
    const there = each.querySelector(".there"); // in the learner's last run, which says more than the recorded one
    const here = lanes.includes(each.dataset.evidence) && !(recorded && there);
    each.querySelector("a").hidden = !here;
    if (there) there.hidden = here;
    each.querySelector("form").hidden = here || Boolean(there);
  }
}

function pinned(lane, request) {
  const form = document.querySelector(".pin-form")?.elements;
  if (!form) return;
  form.lane.value = lane;
  form.request.value = request;
  form.request.dispatchEvent(new Event("change", { bubbles: true })); // the address keeps it
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-show-step]");
  if (!link || !document.getElementById("table")) return;
  const { showLane: lane, showRequest: request, showStep: step } = link.dataset;
  const detail = { type: "show", lane, request, step };
  if (document.dispatchEvent(new CustomEvent("lesson:say", { cancelable: true, detail }))) return; // nobody can say it
  event.preventDefault();
  pinned(lane, request);
  show(step);
});

document.addEventListener("htmx:after:swap", (event) => {
  offer();
  const form = event.detail.ctx?.sourceElement;
  if (form?.matches?.("form[data-show-step]")) show(form.dataset.showStep);
});
