// The theme switch: keeps the choice in a cookie, so that the server sends the page in that theme.

const YEAR = 365 * 24 * 3600;
const button = document.getElementById("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const current = () => document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");

function label() {
  button.setAttribute("aria-label", `Theme: ${current()}. Switch to ${current() === "dark" ? "light" : "dark"}`);
}

button.hidden = false;
label();
dark.addEventListener("change", label);
button.addEventListener("click", () => {
  const chosen = current() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = chosen;
  document.cookie = `theme=${chosen}; path=/; max-age=${YEAR}; samesite=lax`;
  label();
});
