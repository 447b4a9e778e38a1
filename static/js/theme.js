// The theme switch: keeps the choice in a cookie, so that the server sends the page in that theme.

import { part } from "./dom.js";

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
