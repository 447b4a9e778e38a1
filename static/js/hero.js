// The recorded run on the front page: it plays in the browser alone, again and again, and stops short of its result.

import { part, still } from "./dom.js";
import { show } from "./picture.js";

const SHARE = 0.62; // of the run, after which it begins anew

const stage = part("stage", HTMLElement);
const button = part("hero", HTMLButtonElement);
const last = Number(stage?.dataset.last);
let began = 0; // ms: when the run's load would have begun; 0: it does not play
let at = 0; // s: where it was stopped

/** @param {number} now */
function draw(now) {
  if (!began) return;
  at = (now - began) / 1000;
  if (at > last * SHARE) [began, at] = [now, 0];
  show(at, last, 0, false);
  requestAnimationFrame(draw);
}

function play() {
  began = performance.now() - at * 1000;
  requestAnimationFrame(draw);
}

if (button && last > 0) {
  button.hidden = false;
  if (still.matches) button.textContent = "Play";
  else play();
  button.addEventListener("click", () => {
    if (began) began = 0;
    else play();
    button.textContent = began ? "Pause" : "Play";
  });
}
