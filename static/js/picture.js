// Paints the scene into the pictures that the server has made: attributes, classes and texts of their parts.

import { around, part } from "./dom.js";
import { ghostOf } from "./controls.js";
import { pin, pinned } from "./pinned.js";
import {
  addFacts,
  axisFor,
  axisX,
  barPaths,
  drawLane,
  emptyScene,
  heldStretches,
  HOP,
  LOOKS,
  nth,
  ringPath,
  stripPath,
} from "./scene.js";

/** @typedef {import("./scene.js").Layout} Layout */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {ReturnType<typeof drawLane>} Picture */

/** @type {Scene | null} */
let scene = null;
/** @type {Element | null} */
let source = null; // what the scene was read from
/** What was painted last, so that what has not changed is not touched: element -> attribute -> value. @type {WeakMap<Element, Map<string, string>>} */
let painted = new WeakMap();

/** @param {Element | null | undefined} element @param {string} name @param {string} value */
function set(element, name, value) {
  if (!element) return;
  let known = painted.get(element);
  if (!known) painted.set(element, known = new Map());
  if (known.get(name) === value) return;
  known.set(name, value);
  if (name === "text") element.textContent = value;
  else element.setAttribute(name, value);
}

/** Reads the scene of the stage that is on the page. */
function adopt() {
  const found = part("scene", HTMLScriptElement);
  if (found === source) return;
  source = found;
  scene = null;
  painted = new WeakMap();
  if (!found?.textContent) return;
  const { header, facts } = JSON.parse(found.textContent);
  scene = emptyScene(header);
  addFacts(scene, facts);
}

/** Takes the facts of a frame; from 0 on they are all there are. @param {{ from: number, facts: number[][] }} told */
export function take({ from, facts }) {
  adopt();
  if (!scene) return;
  if (from === 0) scene = emptyScene(scene.header);
  if (from === scene.count) addFacts(scene, facts);
}

/**
 * Shows a moment, of a run that is known so far; both are seconds since the load began. Dots are seen `rest` ms further,
 * and glide unless `still`. Gives the time axis of what is shown; null: nothing is.
 * @param {number} t @param {number} known @param {number} rest @param {boolean} still
 */
export function show(t, known, rest, still) {
  adopt();
  if (!scene) return null;
  const zero = scene.zero || 0;
  const axis = axisFor(scene.header.end, known);
  // Which are seen is asked before any is painted: else each answer would have the page laid out anew.
  const seen = [...document.querySelectorAll("#stage svg[data-picture]")].filter((svg) => svg.checkVisibility());
  for (const svg of seen) {
    paint(scene, svg, axis, { t: t * 1000 + zero, known: known * 1000 + zero, rest, hop: still ? 1 : HOP });
  }
  return axis;
}

/**
 * @param {Scene} scene @param {Element} svg @param {{ end: number, tick: number }} axis
 * @param {{ t: number, known: number, rest: number, hop: number }} moment in ms since the run began
 */
function paint(scene, svg, axis, { t, known, rest, hop }) {
  const key = svg.getAttribute("data-picture") ?? "";
  const index = scene.header.lanes.findIndex((lane) => lane.key === key);
  const layout = layoutOf(svg);
  if (!layout) return;
  const parts = new Map(
    [...svg.querySelectorAll("[data-part]")].map((each) => [each.getAttribute("data-part") ?? "", each]),
  );
  const picture = drawLane(scene, index, layout, t, known, rest, hop);
  paintDots(scene, svg, layout, picture, mine(nth(scene.header.lanes, index).id));
  paintTrack(scene, index, svg, parts, picture);
  paintBars(scene, index, parts, layout, axis, known);
  for (const guess of svg.querySelectorAll("[data-guess]")) {
    const x = axisX(Number(guess.getAttribute("data-guess")) * 1000, axis.end, layout.rows);
    set(guess, "transform", `translate(${x.toFixed(1)})`);
  }
  const since = picture.sent === Infinity ? t : picture.over ? picture.sent + picture.elapsed : t;
  paintNow(parts, layout, axisX(since - (scene.zero || 0), axis.end, layout.rows));
  paintAxis(parts.get("axis"), layout, axis);
  paintGhost(parts, ghostOf(scene.header, nth(scene.header.lanes, index), layout.box), layout, axis);
  paintBand(parts.get("band"), layout, mine(nth(scene.header.lanes, index).id));
  paintSteps(svg, layout, axis, mine(nth(scene.header.lanes, index).id), t - (scene.zero || 0));
  paintClock(key, picture, axis);
}

/** The number of the request that is pinned in this lane; 0: none. @param {string} lane */
function mine(lane) {
  const choice = pinned();
  return choice?.lane === lane ? Number(choice.request) : 0;
}

/** @param {Scene} scene @param {Element} svg @param {Layout} layout @param {Picture} picture @param {number} pin */
function paintDots(scene, svg, layout, picture, pin) {
  const drawn = new Map(picture.dots.map((dot) => [dot.number, dot]));
  for (const group of svg.querySelectorAll("[data-request]")) {
    const number = Number(group.getAttribute("data-request"));
    const dot = drawn.get(number);
    const look = dot?.look ?? "idle";
    set(group, "class", `dot ${look}${dot && dot.calls > 1 ? " twins" : ""}${number === pin ? " pinned" : ""}`);
    if (!dot) continue;
    set(group, "transform", `translate(${dot.x.toFixed(1)} ${dot.y.toFixed(1)})`);
    set(group, "opacity", dot.alpha.toFixed(2));
    set(group.firstElementChild, "d", scene.header.shapes[look] ?? "");
    const ring = group.children[1];
    if (ring) set(ring, "d", ringPath(layout.radius, Math.round(dot.ring * 200) / 200));
  }
}

/** @param {Scene} scene @param {number} index @param {Element} svg @param {Map<string, Element>} parts @param {Picture} picture */
function paintTrack(scene, index, svg, parts, picture) {
  const { kind, seats } = nth(scene.header.lanes, index);
  svg.querySelectorAll('[data-part="slot"]').forEach((slot, at) =>
    set(slot, "class", picture.taken[at] ? "slot taken" : "slot")
  );
  set(parts.get("loop"), "class", picture.held ? "loop taken" : "loop");
  set(parts.get("lock"), "class", picture.held ? "lock" : "lock off");
  const taken = picture.taken.filter(Boolean).length;
  news(parts.get("box"), kind === "pool" ? `${taken} of ${seats} taken` : picture.held ? "held" : "free");
  news(parts.get("shelf"), picture.threads ? `${picture.shelved} in threads` : String(picture.shelved));
  news(parts.get("tray"), `${picture.ended} of ${scene.header.requests}`);
}

/** @param {Element | undefined} heading @param {string} text */
function news(heading, text) {
  set(heading, "text", (heading?.getAttribute("data-before") ?? "") + text);
}

/** @type {WeakMap<Element, string>} */
const drawnOf = new WeakMap(); // the bars of a lane: of how many facts, held stretches, and which axis

/** @param {Scene} scene @param {number} index @param {Map<string, Element>} parts @param {Layout} layout @param {{ end: number }} axis @param {number} known */
function paintBars(scene, index, parts, layout, axis, known) {
  const strip = parts.get("strip");
  const state = [scene.count, heldStretches(nth(scene.lanes, index), known).length, axis.end].join();
  if (!strip || drawnOf.get(strip) === state) return;
  drawnOf.set(strip, state);
  set(strip, "d", stripPath(scene, index, layout, axis.end, known));
  const paths = barPaths(scene, index, layout, axis.end, known);
  for (const look of LOOKS) set(parts.get(`bar-${look}`), "d", paths[look] ?? "");
}

/** @param {Map<string, Element>} parts @param {Layout} layout @param {number} x */
function paintNow(parts, layout, x) {
  set(parts.get("cover"), "x", x.toFixed(1));
  set(parts.get("cover"), "width", (layout.rows.x + layout.rows.w - x + 1).toFixed(1));
  set(parts.get("now"), "transform", `translate(${x.toFixed(1)})`);
}

/**
 * What the controls would change, and the guess that stands there.
 * @param {Map<string, Element>} parts @param {ReturnType<typeof ghostOf>} ghost @param {Layout} layout @param {{ end: number }} axis
 */
function paintGhost(parts, ghost, layout, axis) {
  if (!ghost) return;
  set(parts.get("ghost"), "d", ghost.slots);
  set(parts.get("next-box"), "text", ghost.box);
  set(parts.get("next-queue"), "text", ghost.queue);
  const { law, guess } = ghost;
  paintFlag(parts.get("law"), "law", law, law === null ? "" : `next: ${seconds(law)}`, layout, axis);
  if (!ghost.asked) return;
  set(part("flag", HTMLInputElement), "max", String(Math.floor(axis.end * 10) / 10));
  paintFlag(
    parts.get("flag"),
    "wish",
    guess ?? 0,
    guess === null ? "your guess?" : `your ${seconds(guess)}`,
    layout,
    axis,
  );
}

/** @param {number} value */
function seconds(value) {
  return `${Number(value.toFixed(2))} s`;
}

/** @param {Element | undefined} flag @param {string} name @param {number | null} at s @param {string} text @param {Layout} layout @param {{ end: number }} axis */
function paintFlag(flag, name, at, text, layout, axis) {
  set(flag, "class", at === null ? `${name} off` : name);
  if (!flag) return;
  if (at === null) return set(flag.lastElementChild, "text", "");
  const x = axisX(at * 1000, axis.end, layout.rows);
  const label = flag.lastElementChild;
  set(flag, "transform", `translate(${x.toFixed(1)})`);
  const left = x > layout.width * 0.7;
  set(label, "text-anchor", left ? "end" : "start");
  set(label, "x", left ? "-5" : "5");
  set(label, "text", at > axis.end ? `${text} ›` : text);
}

/** @param {Element | undefined} group @param {Layout} layout @param {{ end: number, tick: number }} axis */
function paintAxis(group, layout, { end, tick }) {
  if (!group) return;
  const every = tick * (layout.width < 500 && end > 4 * tick ? 2 : 1);
  const count = Math.floor(end / every + 1e-9) + 1;
  while (group.children.length > count) group.lastElementChild?.remove();
  while (group.children.length < count && group.firstElementChild) {
    group.append(group.firstElementChild.cloneNode(true));
  }
  [...group.children].forEach((label, at) => {
    set(label, "x", axisX(at * every * 1000, end, layout.rows).toFixed(1));
    set(label, "text", `${Number((at * every).toFixed(2))} s`);
  });
}

/** @param {Element | undefined} band @param {Layout} layout @param {number} pin */
function paintBand(band, layout, pin) {
  set(band, "class", pin ? "band" : "band off");
  if (pin) set(band, "y", (layout.rows.y + (pin - 1) * layout.row).toFixed(2));
}

/**
 * The steps of the pinned request on its row, as the execution table tells them, and the nodes that they light.
 * @param {Element} svg @param {Layout} layout @param {{ end: number }} axis @param {number} pin @param {number} t ms since the load began
 */
function paintSteps(svg, layout, axis, pin, t) {
  const now = part("table", HTMLElement)?.querySelector("tr.current")?.getAttribute("data-step") ?? "";
  for (const node of svg.querySelectorAll("[data-of-steps]")) {
    node.classList.toggle("current", pin > 0 && node.getAttribute("data-of-steps")?.split(" ").includes(now) === true);
    if (pin) set(node, "data-step", node.getAttribute("data-of-steps") ?? "");
    else node.removeAttribute("data-step");
    if (!pin) painted.get(node)?.delete("data-step");
  }
  for (const stretch of svg.querySelectorAll("[data-stretch]")) {
    const row = pin ? part(`step-${stretch.getAttribute("data-stretch")}`, HTMLTableRowElement) : null;
    const from = row?.dataset.from === undefined ? NaN : Number(row.dataset.from) * 1000;
    const current = row?.classList.contains("current") ? " current" : "";
    set(stretch, "class", from <= t ? `stretch${current}` : "stretch off");
    if (!(from <= t)) continue;
    const to = row?.dataset.took === undefined ? t : from + Number(row.dataset.took) * 1000;
    const [low, high] = [axisX(from, axis.end, layout.rows), axisX(Math.min(t, to), axis.end, layout.rows)];
    set(stretch, "x", low.toFixed(1));
    set(stretch, "width", Math.max(3, high - low).toFixed(1));
    set(stretch, "y", (layout.rows.y + (pin - 1) * layout.row).toFixed(2));
    set(stretch, "height", layout.row.toFixed(2));
  }
}

/** @param {string} key @param {Picture} picture @param {{ end: number }} axis */
function paintClock(key, picture, axis) {
  const text = picture.sent === Infinity ? "" : `${(picture.elapsed / 1000).toFixed(2)} s`;
  if (text) set(document.querySelector(`#clock-${key} .digits`), "text", text);
  set(
    document.querySelector(`[data-race="${key}"]`),
    "width",
    Math.min(100, picture.elapsed / axis.end / 10).toFixed(1),
  );
  if (text) set(document.querySelector(`[data-race-time="${key}"]`), "text", picture.over ? text : `${text}…`);
}

// What is swapped in may have the server's words where ours stood.
document.addEventListener("htmx:after:swap", () => (painted = new WeakMap()));

/** @param {Element} svg */
function layoutOf(svg) {
  const lane = scene?.header.lanes.find((each) => each.key === svg.getAttribute("data-picture"));
  return lane?.layouts[svg.getAttribute("data-width") ?? ""];
}

/** The request whose row of the timeline is under the pointer. @param {Element} svg @param {number} y in pixels of the window */
function rowAt(svg, y) {
  const layout = layoutOf(svg);
  if (!layout) return 0;
  const box = svg.getBoundingClientRect();
  const row = Math.floor(((y - box.top) * layout.width / box.width - layout.rows.y) / layout.row) + 1;
  return row >= 1 && row <= (scene?.header.requests ?? 0) ? row : 0;
}

/** The request whose dot or row is there; "0": none. @param {Element} svg @param {MouseEvent} event */
function requestAt(svg, { target, clientY }) {
  return around(target, "[data-request]", SVGElement)?.dataset.request ?? String(rowAt(svg, clientY));
}

document.addEventListener("click", (event) => {
  const svg = around(event.target, "svg[data-picture]", SVGElement);
  const lane = around(svg, "[data-lane]", HTMLElement)?.dataset.lane;
  if (!svg || !lane) return;
  const number = requestAt(svg, event);
  if (number !== "0") pin(lane, number);
});

// A dot and its row light each other.
let lit = "";

document.addEventListener("pointermove", (event) => {
  const svg = around(event.target, "svg[data-picture]", SVGElement);
  const number = svg ? requestAt(svg, event) : "0";
  const key = `${svg?.dataset.picture} ${number}`;
  if (key === lit) return;
  lit = key;
  for (const each of document.querySelectorAll(".shown")) each.classList.remove("shown");
  const layout = svg && layoutOf(svg);
  if (!layout || number === "0") return;
  const row = svg.querySelector('[data-part="near"]');
  row?.setAttribute("y", String(layout.rows.y + (Number(number) - 1) * layout.row));
  for (const each of [row, svg.querySelector(`[data-request="${number}"]`)]) each?.classList.add("shown");
});
