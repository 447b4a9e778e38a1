// Keys of the card that has the focus: Space shows its answer, 1 to 4 grade it. A new card takes the focus over.

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".flash");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.matches("button")) return; // the button's own key
  const wanted = [...card.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

document.addEventListener("htmx:after:swap", () => {
  const deck = document.querySelector("#deck[data-swapped]");
  if (!deck) return;
  deck.removeAttribute("data-swapped");
  deck.querySelector(".flash")?.focus();
});
