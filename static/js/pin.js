// Pinning a request with the pointer, and keeping the pinned one in the address, so that a reload shows it again.

import { around } from "./dom.js";
import { pin, pinForm, pinned } from "./pinned.js";

function remember() {
  const choice = pinned();
  if (!choice) return;
  const address = new URL(location.href);
  address.searchParams.set("lane", choice.lane);
  address.searchParams.set("request", choice.request);
  history.replaceState(history.state, "", address);
}

document.addEventListener("click", (event) => {
  const link = around(event.target, "[data-pin-lane]", HTMLElement);
  const { pinLane: lane = "", pinRequest: request = "" } = link?.dataset ?? {};
  if (link && pin(lane, request)) event.preventDefault();
});

document.addEventListener("change", ({ target }) => {
  if (target instanceof Node && pinForm()?.contains(target)) remember();
});
