// "Show me in my run": lights the row of a step, and offers the right run where the one on the stage lacks the lane.

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
  for (const each of document.querySelectorAll(".evidence")) {
    const here = lanes.includes(each.dataset.evidence);
    each.querySelector("a").hidden = !here;
    each.querySelector("form").hidden = here;
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-show-step]");
  if (link && document.getElementById("table")) show(link.dataset.showStep);
});

document.addEventListener("htmx:after:swap", (event) => {
  offer();
  const form = event.detail.ctx?.sourceElement;
  if (form?.matches?.("form[data-show-step]")) show(form.dataset.showStep);
});
