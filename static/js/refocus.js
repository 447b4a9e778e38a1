// When the control that had the focus is gone after an answer, what was answered takes it over.

let asked = "";

document.addEventListener("submit", (event) => {
  asked = event.target.closest?.(".exercise")?.id ?? "";
});

document.addEventListener("htmx:after:swap", () => {
  if (!asked || document.activeElement !== document.body) return;
  document.getElementById(asked)?.querySelector("[data-told]")?.focus();
  asked = "";
});
