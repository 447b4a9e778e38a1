// Paints the scene into the pictures that the server has made: attributes, classes and texts of their parts.

import { all, around, first, part, write } from "./dom.js";
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
/** @typedef {import("./scene.js").Header} Header */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {ReturnType<typeof drawLane>} Picture */

/** @type {Scene | null} */
let scene = null;
/** @type {Element | null} */
let source = null; // what the scene was read from
/** What was painted last, so that what has not changed is not touched: element -> attribute -> value. @type {WeakMap<Element, Map<string, string>>} */
let painted = new WeakMap();

/** Where it is, is its style: for an attribute every rule would be matched anew. @param {Element | null | undefined} element @param {string} name @param {string} value */
function set(element, name, value) {
  if (!element) return;
  let known = painted.get(element);
  if (!known) painted.set(element, known = new Map());
  if (known.get(name) === value) return;
  known.set(name, value);
  if (name === "text") write(element, value);
  else if (name === "transform" && element instanceof SVGElement) element.style[name] = value;
  else element.setAttribute(name, value);
}

/** @typedef {ReturnType<typeof surfaceOf>} Surface */
/** The pictures on the page, until something is swapped. @type {Surface[] | null} */
let surfaces = null;
/** Those of them that are seen at this width, until it changes. @type {Surface[] | null} */
let seen = null;
let asked = 0; // how often the controls have changed, which have ghosts in the pictures

/** A picture and its parts, found once. @param {Header} header @param {Layout} layout @param {SVGElement} svg */
function surfaceOf({ lanes }, layout, svg) {
  const key = svg.dataset.picture ?? "";
  const index = lanes.findIndex((lane) => lane.key === key);
  const parts = new Map(all("[data-part]", SVGElement, svg).map((each) => [each.dataset.part ?? "", each]));
  const groups = all(".dots > [data-request]", SVGElement, svg);
  return {
    svg,
    index,
    head: nth(lanes, index),
    parts,
    layout,
    dots: groups.map((group) => ({ group, number: Number(group.dataset.request) })),
    slots: all('[data-part="slot"]', SVGElement, svg),
    guesses: all("[data-guess]", SVGElement, svg),
    nodes: all("[data-of-steps]", SVGElement, svg),
    stretches: all("[data-stretch]", SVGElement, svg),
    digits: first(`#clock-${key} .digits`, Element),
    race: first(`[data-race="${key}"]`, Element),
    raceTime: first(`[data-race-time="${key}"]`, Element),
    axis: 0, // its end, s
    bars: "", // of how many facts, held stretches, and which axis they are
    ghost: "", // of which controls and axis it is
  };
}

/** Reads the scene of the stage that is on the page. */
function adopt() {
  const found = part("scene", HTMLScriptElement);
  if (found === source) return;
  source = found;
  scene = surfaces = seen = null;
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
  const { header } = scene;
  surfaces ??= all("#stage svg[data-picture]", SVGElement).flatMap((svg) => {
    const layout = layoutOf(svg);
    return layout ? [surfaceOf(header, layout, svg)] : [];
  });
  const zero = scene.zero || 0;
  const axis = axisFor(header.end, known);
  const moment = { t: t * 1000 + zero, known: known * 1000 + zero, rest, hop: still ? 1 : HOP };
  const pin = pinned();
  const step = first("#table tr.current", HTMLElement)?.dataset.step ?? "";
  seen ??= surfaces.filter(({ svg }) => svg.checkVisibility());
  for (const surface of seen) {
    paint(scene, surface, axis, moment, pin?.lane === surface.head.id ? Number(pin.request) : 0, step);
  }
  return axis;
}

/**
 * @param {Scene} scene @param {Surface} surface @param {{ end: number, tick: number }} axis
 * @param {{ t: number, known: number, rest: number, hop: number }} moment in ms since the run began
 * @param {number} pin the number of the request that is pinned in this lane; 0: none
 * @param {string} step of it that is current
 */
function paint(scene, surface, axis, { t, known, rest, hop }, pin, step) {
  const { parts, layout, head } = surface;
  const picture = drawLane(scene, surface.index, layout, t, known, rest, hop);
  paintDots(scene, surface, picture, pin);
  paintTrack(scene, surface, picture);
  paintBars(scene, surface, axis, known);
  for (const guess of surface.guesses) {
    const x = axisX(Number(guess.dataset.guess) * 1000, axis.end, layout.rows);
    set(guess, "transform", `translate(${x.toFixed(1)}px)`);
  }
  const since = picture.sent === Infinity ? t : picture.over ? picture.sent + picture.elapsed : t;
  paintNow(parts, layout, axisX(since - (scene.zero || 0), axis.end, layout.rows));
  if (surface.axis !== axis.end) {
    surface.axis = axis.end;
    paintAxis(parts.get("axis"), layout, axis);
  }
  if (surface.ghost !== `${asked} ${axis.end}`) {
    surface.ghost = `${asked} ${axis.end}`;
    paintGhost(parts, ghostOf(scene.header, head, layout.box), layout, axis, surface.guesses.length > 0);
  }
  paintBand(parts.get("band"), layout, pin);
  paintSteps(surface, axis, pin, step, t - (scene.zero || 0));
  paintClock(surface, picture, axis);
}

/** @param {Scene} scene @param {Surface} surface @param {Picture} picture @param {number} pin */
function paintDots(scene, { dots, layout }, picture, pin) {
  const drawn = new Map(picture.dots.map((dot) => [dot.number, dot]));
  for (const { group, number } of dots) {
    const dot = drawn.get(number);
    const look = dot?.look ?? "idle";
    set(group, "class", `dot ${look}${dot && dot.calls > 1 ? " twins" : ""}${number === pin ? " pinned" : ""}`);
    if (!dot) continue;
    set(group, "transform", `translate(${dot.x.toFixed(1)}px, ${dot.y.toFixed(1)}px)`);
    set(group, "opacity", dot.alpha.toFixed(2));
    set(group.firstElementChild, "d", scene.header.shapes[look] ?? "");
    const ring = group.children[1];
    if (ring) set(ring, "d", ringPath(layout.radius, Math.round(dot.ring * 200) / 200));
  }
}

/** @param {Scene} scene @param {Surface} surface @param {Picture} picture */
function paintTrack(scene, { parts, slots, head: { kind, seats } }, picture) {
  slots.forEach((slot, at) => set(slot, "class", picture.taken[at] ? "slot taken" : "slot"));
  set(parts.get("loop"), "class", picture.held ? "loop taken" : "loop");
  set(parts.get("lock"), "class", picture.held ? "lock" : "lock off");
  const taken = picture.taken.filter(Boolean).length;
  news(parts.get("box"), kind === "pool" ? `${taken} of ${seats} taken` : picture.held ? "held" : "free");
  news(parts.get("shelf"), picture.threads ? `${picture.shelved} in threads` : String(picture.shelved));
  news(parts.get("tray"), `${picture.answered} of ${scene.header.requests}`);
}

/** @param {Element | undefined} heading @param {string} text */
function news(heading, text) {
  set(heading, "text", (heading?.getAttribute("data-before") ?? "") + text);
}

/** @param {Scene} scene @param {Surface} surface @param {{ end: number }} axis @param {number} known */
function paintBars(scene, surface, axis, known) {
  const { parts, index, layout } = surface;
  const state = [scene.count, heldStretches(nth(scene.lanes, index), known).length, axis.end].join();
  if (surface.bars === state) return;
  surface.bars = state;
  set(parts.get("strip"), "d", stripPath(scene, index, layout, axis.end, known));
  const paths = barPaths(scene, index, layout, axis.end, known);
  for (const look of LOOKS) set(parts.get(`bar-${look}`), "d", paths[look] ?? "");
}

/** @param {Map<string, Element>} parts @param {Layout} layout @param {number} x */
function paintNow(parts, layout, x) {
  set(parts.get("cover"), "x", x.toFixed(1));
  set(parts.get("cover"), "width", (layout.rows.x + layout.rows.w - x + 1).toFixed(1));
  set(parts.get("now"), "transform", `translate(${x.toFixed(1)}px)`);
}

/**
 * What the controls would change, and the guess that stands there.
 * @param {Map<string, Element>} parts @param {ReturnType<typeof ghostOf>} ghost @param {Layout} layout @param {{ end: number }} axis
 * @param {boolean} guessed Was one made for the run that is shown?
 */
function paintGhost(parts, ghost, layout, axis, guessed) {
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
    guess !== null ? `your ${seconds(guess)}` : guessed ? "" : "your guess?",
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
  set(flag, "transform", `translate(${x.toFixed(1)}px)`);
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
 * @param {Surface} surface @param {{ end: number }} axis @param {number} pin @param {string} step @param {number} t ms since the load began
 */
function paintSteps({ nodes, stretches, layout }, axis, pin, step, t) {
  for (const node of nodes) {
    const steps = node.dataset.ofSteps ?? "";
    const current = pin > 0 && steps.split(" ").includes(step);
    if (node.classList.contains("current") !== current) node.classList.toggle("current");
    if ((node.dataset.step ?? "") === (pin ? steps : "")) continue;
    if (pin) node.dataset.step = steps;
    else delete node.dataset.step;
  }
  for (const stretch of stretches) {
    const row = pin ? part(`step-${stretch.dataset.stretch}`, HTMLTableRowElement) : null;
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

/** @param {Surface} surface @param {Picture} picture @param {{ end: number }} axis */
function paintClock({ digits, race, raceTime }, picture, axis) {
  const text = picture.sent === Infinity ? "" : `${(picture.elapsed / 1000).toFixed(2)} s`;
  if (text) set(digits, "text", text);
  set(race, "width", Math.min(100, picture.elapsed / axis.end / 10).toFixed(1));
  if (text) set(raceTime, "text", picture.over ? text : `${text}…`);
}

new ResizeObserver(() => (seen = null)).observe(document.body);

// What is swapped in may have the server's words where ours stood.
document.addEventListener("htmx:after:swap", () => {
  painted = new WeakMap();
  surfaces = seen = null;
});
for (const kind of ["input", "change"]) document.addEventListener(kind, () => (asked += 1), true);

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
