// Lights a step in all its forms. The numbers stand on the stage itself, which no frame touches, and CSS does the rest.
// Up and down lead from row to row of the execution table, which are one stop of the keyboard.

const KEYS = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };

function light(at) {
  const stage = document.getElementById("stage");
  const place = at?.closest?.("#stage [data-step]") ?? document.activeElement.closest("#stage [data-step]");
  if (place) stage.dataset.lit = place.dataset.step;
  else stage?.removeAttribute("data-lit");
}

document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && light(event.target));
document.addEventListener("pointerleave", () => light());
document.addEventListener("click", (event) => light(event.target)); // a tap of a finger
document.addEventListener("focusin", (event) => light(event.target));
document.addEventListener("focusout", () => light());

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("tr[data-step]");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") delete document.getElementById("stage").dataset.lit;
  if (event.key === "Tab") for (const each of row.parentElement.rows) each.tabIndex = each === row ? 0 : -1;
  if (!KEYS[event.key]) return;
  event.preventDefault();
  row[KEYS[event.key]]?.focus();
});
