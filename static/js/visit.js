// Tells the site that the page is read: once, when its reader stirs. Programs that open pages do not stir.

import { first } from "./dom.js";

const STIRS = ["pointermove", "pointerdown", "keydown", "scroll", "focusin", "click"];

const form = first("form[data-visit]", HTMLFormElement);
if (form) {
  const told = new AbortController();
  const tell = () => {
    told.abort();
    navigator.sendBeacon(form.action, new FormData(form)); // arrives though the page be left at once
  };
  for (const stir of STIRS) addEventListener(stir, tell, { signal: told.signal, capture: true, passive: true });
}
