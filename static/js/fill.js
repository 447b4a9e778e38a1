// Shows the chosen filling in the blank of its code, and lets it be dragged there.

const TYPE = "text/x-filling";

function blankOf(form) {
  return form?.closest(".exercise")?.querySelector("[data-blank]");
}

function show(input) {
  const blank = blankOf(input.form);
  if (blank) blank.textContent = input.closest("label").querySelector("code").textContent;
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-fill] input[type=radio]")) show(event.target);
});

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[data-fill] .filling");
  if (option && event.pointerType === "mouse") option.draggable = !option.querySelector("input").disabled;
});

document.addEventListener("dragstart", (event) => {
  const option = event.target.closest?.("[data-fill] .filling");
  if (!option) return;
  const { form, value } = option.querySelector("input");
  event.dataTransfer.setData(TYPE, JSON.stringify({ task: form.dataset.fill, value }));
  event.dataTransfer.effectAllowed = "copy";
});

document.addEventListener("dragover", (event) => {
  const code = event.target.closest?.(".exercise .code");
  if (code && event.dataTransfer.types.includes(TYPE)) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const exercise = event.target.closest?.(".exercise");
  const dragged = event.dataTransfer.getData(TYPE);
  if (!exercise || !dragged) return;
  event.preventDefault();
  const { task, value } = JSON.parse(dragged);
  if (exercise.id !== task) return;
  const input = exercise.querySelector(`input[name=option][value="${CSS.escape(value)}"]`);
  input.checked = true;
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
