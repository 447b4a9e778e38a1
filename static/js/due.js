// When a card comes back, by the reader's own clock and day. It stays true while the page stands. Without scripts: as it was.

import { all, write } from "./dom.js";

const DAY = 86_400_000; // ms
const EVERY = 5_000; // ms
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });

/** @param {number} count @param {string} noun */
function many(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {Date} at @param {number} now ms since the epoch @returns {string} "in 5 minutes, at 14:05" */
export function dueText(at, now) {
  const left = at.getTime() - now;
  if (left <= 0) return "now: reload the page";
  const minutes = Math.max(1, Math.round(left / 60_000));
  if (minutes < 60) return `in ${many(minutes, "minute")}, at ${clock.format(at)}`;
  if (left < DAY) return `in ${many(Math.round(minutes / 60), "hour")}, at ${clock.format(at)}`;
  return `in ${many(Math.round(left / DAY), "day")}, on ${day.format(at)}`;
}

function tell() {
  for (const time of all("time[data-due]", HTMLTimeElement)) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) write(time, dueText(at, Date.now()));
  }
}

if (typeof document !== "undefined") {
  document.addEventListener("htmx:after:swap", tell);
  setInterval(tell, EVERY);
  tell();
}
