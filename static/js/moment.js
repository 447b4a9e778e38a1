// Keeps the moment that would be shared: the event that was shown last, and the pinned request.

const FORM = ".share-form";

document.addEventListener("htmx:after:ws:message", (event) => {
  const seq = event.detail.message.json?.seq;
  const form = document.querySelector(FORM);
  if (form && seq !== undefined) form.elements.cursor.value = seq;
});

document.addEventListener(
  "submit",
  ({ target }) => {
    const pinned = document.querySelector(".pin-form")?.elements;
    if (!pinned || !target.matches(FORM)) return;
    target.elements.lane.value = pinned.lane.value;
    target.elements.request.value = pinned.request.value;
  },
  true, // before htmx reads the form
);
