// Buttons that copy the text of a field: `data-copy` is the field's id. Without scripts they are not shown.

const SHOWN = "[data-copy]";

function show() {
  for (const each of document.querySelectorAll(SHOWN)) each.hidden = false;
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.(SHOWN);
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await (navigator.clipboard?.writeText(field.value) ?? document.execCommand("copy"));
  button.firstChild.data = "Copied";
});
document.addEventListener("htmx:after:swap", show);
show();
