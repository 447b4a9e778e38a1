// What the reader does on any page: chooses a theme, and stirs.

import { first, part } from "./dom.js";

// The theme: the choice is kept in a cookie, so that the server sends the page in that theme.

const YEAR = 365 * 24 * 3600; // s
const button = part("theme", HTMLButtonElement);
const dark = matchMedia("(prefers-color-scheme: dark)");
const current = () => document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");

function label() {
  button?.setAttribute("aria-label", `Theme: ${current()}. Switch to ${current() === "dark" ? "light" : "dark"}`);
}

function change() {
  const chosen = current() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = chosen;
  document.cookie = `theme=${chosen}; path=/; max-age=${YEAR}; samesite=lax`;
  label();
}

if (button) button.hidden = false;
button?.addEventListener("click", change);
dark.addEventListener("change", label);
label();

// Tells the site that the page is read: once, when its reader stirs. Programs that open pages do not stir.

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
