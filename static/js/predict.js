// The question beside "Your prediction" follows the numbers and lanes of the form.

const NOUNS = { requests: "request", workers: "worker" };

function exact(form, gaps) {
  return gaps.replace(/{(\w+)}/g, (_, name) => {
    const number = form.elements[name].valueAsNumber;
    return name in NOUNS ? `${number} ${NOUNS[name]}${number === 1 ? "" : "s"}` : `${number} s`;
  });
}

function ask(form) {
  const place = form?.querySelector("[data-predict]");
  if (!place) return;
  const text = place.querySelector("[data-exact]");
  const { elsewhere, exact: gaps, general } = text.dataset;
  const ticked = new FormData(form).getAll("lanes").includes(place.dataset.predict);
  const whole = ["requests", "wait", "workers"].every((name) => form.elements[name].checkValidity());
  place.dataset.counts = ticked;
  text.textContent = !ticked ? elsewhere : whole ? exact(form, gaps) : general;
}

document.addEventListener("input", (event) => {
  if (event.target.form?.id === "controls") ask(event.target.form);
});

// A run was sent: the next one wants a new prediction.
document.addEventListener("htmx:after:swap", (event) => {
  const { sourceElement, target } = event.detail.ctx ?? {};
  if (sourceElement?.id === "controls" && target?.id === "stage") sourceElement.elements.prediction.value = "";
  ask(document.getElementById("controls"));
});

ask(document.getElementById("controls"));

// A number field gives "" for what is no number, which would be taken for a prediction that was skipped.
document.addEventListener(
  "submit",
  (event) => {
    const field = event.target.elements?.prediction;
    if (!field?.validity.badInput) return;
    event.preventDefault();
    event.stopPropagation();
    field.reportValidity();
  },
  true,
);
