// Links with `data-moment` lead to what is on the page: the pinned request, and the event shown last unless it is "pin".

function follow({ target }) {
  const link = target.closest?.("a[data-moment]");
  const pinned = document.querySelector(".pin-form")?.elements;
  if (!link || !pinned) return;
  const url = new URL(link.href);
  url.searchParams.set("lane", pinned.lane.value);
  url.searchParams.set("request", pinned.request.value);
  if (link.dataset.moment !== "pin") url.searchParams.set("cursor", document.getElementById("seq").textContent);
  link.href = url.href;
}

// Before it is used in any way: followed, opened in a window, copied.
for (const kind of ["pointerover", "focusin", "click", "contextmenu"]) document.addEventListener(kind, follow, true);
