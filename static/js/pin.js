// Keeps the pinned request in the address, so that a reload shows it again.

import { pinForm, pinned } from "./pinned.js";

function remember() {
  const choice = pinned();
  if (!choice) return;
  const address = new URL(location.href);
  address.searchParams.set("lane", choice.lane);
  address.searchParams.set("request", choice.request);
  history.replaceState(history.state, "", address);
}

document.addEventListener("change", ({ target }) => {
  if (target instanceof Node && pinForm()?.contains(target)) remember();
});
