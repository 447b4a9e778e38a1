// Pinning a request with the pointer, and keeping the pinned one in the address, so that a reload shows it again.

function form() {
  return document.querySelector(".pin-form");
}

function remember() {
  const { lane, request } = form().elements;
  if (!request.checkValidity()) return;
  const address = new URL(location);
  address.searchParams.set("lane", lane.value);
  address.searchParams.set("request", request.value);
  history.replaceState(history.state, "", address);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-pin-lane]");
  if (!link || !form()) return;
  event.preventDefault();
  const { lane, request } = form().elements;
  lane.value = link.dataset.pinLane;
  request.value = link.dataset.pinRequest;
  request.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  if (form()?.contains(event.target)) remember();
});
