// Links with `data-moment` lead to what is on the page: the pinned request, and the event shown last unless it is "pin".

import { around } from "./dom.js";
import { pinned } from "./pinned.js";

/** @param {Event} event */
function follow({ target }) {
  const link = around(target, "a[data-moment]", HTMLAnchorElement);
  const pin = pinned();
  if (!link || !pin) return;
  const url = new URL(link.href);
  url.searchParams.set("lane", pin.lane);
  url.searchParams.set("request", pin.request);
  const shown = document.getElementById("seq")?.textContent;
  if (shown && link.dataset.moment !== "pin") url.searchParams.set("cursor", shown);
  link.href = url.href;
}

// Before it is used in any way: followed, opened in a window, copied.
for (const kind of ["pointerover", "focusin", "click", "contextmenu"]) document.addEventListener(kind, follow, true);
