// Times as the reader's own clock and day have them. Without scripts they stand in UTC.

import { all } from "./dom.js";

const shown = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "medium", hour12: false });

for (const time of all("main time[datetime]", HTMLTimeElement)) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.getTime())) time.textContent = shown.format(at);
}
