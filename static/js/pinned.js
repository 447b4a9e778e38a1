// The pinned request. The form in the playhead is the one place that knows it; a small stage has none.

import { all, first, part } from "./dom.js";

/** @returns {HTMLFormElement | null} */
export function pinForm() {
  return part("pin-form", HTMLFormElement);
}

/** @returns {HTMLInputElement | null} */
function number() {
  return first('input[name="request"]', HTMLInputElement, pinForm());
}

/** @returns {{ lane: string, request: string } | null} null where nothing is pinned, or the number is none of the run's */
export function pinned() {
  const [lane, request] = [first('input[name="lane"]:checked', HTMLInputElement, pinForm()), number()];
  return lane && request?.validity.valid ? { lane: lane.value, request: request.value } : null;
}

/**
 * Pins a request as if it had been typed, so the server hears it. False where that cannot be.
 * @param {string} lane
 * @param {string} request
 */
export function pin(lane, request) {
  const tab = all('input[name="lane"]', HTMLInputElement, pinForm()).find(({ value }) => value === lane);
  const place = number();
  if (!tab || !place) return false;
  tab.checked = true;
  place.value = request;
  place.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

// The address keeps it, so that a reload shows it again.
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
