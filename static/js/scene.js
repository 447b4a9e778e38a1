// The scene: who was where and when, read from facts, and what is seen of it at a moment. Pure; the server draws the first
// picture by the same rules (lessons/stage/scene.py, motion.py, picture.py), and tests compare the two.
// Times are milliseconds since the run began.

/** @typedef {{ x: number, y: number, w: number, h: number }} Box */
/** @typedef {{ x: number, y: number, dx: number, dy: number, wrap: number }} Grid */
/**
 * @typedef {{ width: number, radius: number, queue: Box, box: Box, line: Grid, seats: Box[], stations: number[], active: Grid, ready: Grid,
 *   seats_on_shelf: Grid, answered: Grid, strip: Box, rows: Box, row: number, axis: number, line_up: boolean }} Layout
 */
/** @typedef {{ key: string, id: string, kind: "pool" | "loop", seats: number, law: [string, number], layouts: Record<string, Layout> }} Head */
/** @typedef {{ requests: number, wait: number, workers: number, end: number, shapes: Record<string, string>, lanes: Head[] }} Header */
/** @typedef {[start: number, end: number]} Stretch */
/** @typedef {{ t: number, place: string, at: number, station: number, from?: [number, number] }} Stop */
/**
 * @typedef {{ number: number, sent: number, received: number, seat: number, stations: number[], entered: number, thread: number,
 *   waits: Stretch[], suspended: Stretch[], fetches: Stretch[], left: number, ended: number, outcome: string }} Request
 */
/** @typedef {{ requests: Request[], probes: Stretch[], moves: Map<Layout, Moves>, total?: number }} Lane */
/** @typedef {{ header: Header, zero: number, over: number, count: number, lanes: Lane[] }} Scene */
/** @typedef {{ stops: Stop[][], gone: number[] }} Moves */

const LATE = 50; // ms after which a probe without an answer tells that the server is held
export const HOP = 220; // ms from one stop to the next
const BLINK = 40; // ms between two departures, at least
const GROWTH = 1.25;
const TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const STUB = 5;
const TICK = 2.4; // width of a view's run on its row, however short: the seam between two waits
const OUTCOMES = { 11: "done", 12: "failed", 13: "cancelled" };
const ENDS = ["done", "failed", "cancelled"];
export const LOOKS = ["queued", "running", "free", "blocked", "ready", ...ENDS];

/**
 * What is known to be there.
 * @template T
 * @param {readonly T[]} list
 * @param {number} index
 */
export function nth(list, index) {
  return /** @type {T} */ (list[index]);
}

/** @param {Header} header @returns {Scene} */
export function emptyScene(header) {
  const request = (/** @type {unknown} */ _, /** @type {number} */ at) => ({
    number: at + 1,
    sent: Infinity,
    received: Infinity,
    seat: 0,
    stations: [],
    entered: Infinity,
    thread: 0,
    waits: [],
    suspended: [],
    fetches: [],
    left: Infinity,
    ended: Infinity,
    outcome: "done",
  });
  const lanes = header.lanes.map(() => ({
    requests: Array.from({ length: header.requests }, request),
    probes: [],
    moves: new Map(),
  }));
  return { header, zero: NaN, over: Infinity, count: 0, lanes };
}

/** @param {Stretch[]} stretches @param {number} ms */
function close(stretches, ms) {
  const last = stretches.at(-1);
  if (last && last[1] === Infinity) last[1] = ms;
}

/** By kind: what a fact tells of a request. @type {Record<number, (request: Request, ms: number, value: number) => void>} */
const TAKE = {
  2: (request, ms) => (request.sent = ms),
  3: (request, ms, thread) => Object.assign(request, { received: ms, seat: thread }),
  4: (request, ms, node) => (request.stations[node] = ms),
  5: (request, ms, thread) => Object.assign(request, { entered: ms, thread }),
  6: (request, ms) => request.waits.push([ms, Infinity]),
  7: (request, ms) => close(request.waits, ms),
  8: (request, ms) => request.suspended.push([ms, Infinity]),
  9: (request, ms) => close(request.suspended, ms),
  10: (request, ms) => (request.left = ms),
  17: (request, ms, count) => request.fetches.push([ms, count]),
};

/** Takes what is new. @param {Scene} scene @param {number[][]} facts */
export function addFacts(scene, facts) {
  for (const [lane = 0, request = 0, kind = 0, ms = 0, value = 0] of facts) {
    const found = lane < 0 ? null : nth(scene.lanes, lane);
    found?.moves.clear();
    if (!found) scene[kind ? "over" : "zero"] = ms;
    else if (request) addToRequest(nth(found.requests, request - 1), kind, ms, value);
    else if (kind === 14) found.probes.push([ms, Infinity]);
    else {
      close(found.probes, ms);
      found.total ||= value; // only the lane's end has one
    }
  }
  scene.count += facts.length;
}

/** @param {Request} request @param {number} kind @param {number} ms @param {number} value */
function addToRequest(request, kind, ms, value) {
  const outcome = OUTCOMES[/** @type {11} */ (kind)];
  if (outcome) Object.assign(request, { ended: ms, outcome });
  else TAKE[kind]?.(request, ms, value);
}

// States

/** The stretches in which the server could take no other request. @param {Lane} lane @param {number} known */
export function heldStretches(lane, known) {
  return lane.probes.filter(([start, end]) => Math.min(end, known) - start > LATE);
}

/** @param {Stretch[]} stretches @param {number} t */
function within(stretches, t) {
  return stretches.find(([start, end]) => start <= t && t < end);
}

/** @param {Request} request @param {Stretch[]} held @param {number} t */
function lookAt(request, held, t) {
  if (t < request.sent) return "idle";
  if (t >= request.ended) return request.outcome;
  if (t >= request.left) return "ready";
  if (within(request.waits, t)) return within(held, t) ? "blocked" : "free";
  return t >= request.entered ? "running" : "queued";
}

/** @param {Request} request */
function ownThread(request) {
  return request.entered < Infinity && request.thread !== request.seat;
}

/** @param {Request} request @param {number} t */
function outsideLoop(request, t) {
  if (ownThread(request) && request.entered <= t) return t < request.left;
  return within(request.suspended, t) !== undefined;
}

// Motion

/** @param {number} progress */
function ease(progress) {
  const p = Math.min(1, Math.max(0, progress));
  return p * p * (3 - 2 * p);
}

/** @param {Grid} grid @param {number} index @returns {[number, number]} */
function cell(grid, index) {
  return [grid.x + index % grid.wrap * grid.dx, grid.y + Math.floor(index / grid.wrap) * grid.dy];
}

/** @param {[number, number]} a @param {[number, number]} b @param {number} share @returns {[number, number]} */
function between(a, b, share) {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

/** The place of each in the order of time. @param {number[]} times */
function ranks(times) {
  /** @type {number[]} */
  const found = times.map(() => 0);
  const known = times.map((t, at) => ({ t, at })).filter(({ t }) => t < Infinity);
  known.sort((a, b) => a.t - b.t || a.at - b.at).forEach(({ at }, rank) => (found[at] = rank));
  return found;
}

/** @param {Request} request @param {Head["kind"]} kind @param {number} left @param {number} ended @param {number} stations */
function allStops(request, kind, left, ended, stations) {
  if (request.sent === Infinity) return [];
  const own = request.number - 1;
  const pool = kind === "pool";
  /** @type {Stop[]} */
  const found = [];
  const add = (/** @type {number} */ t, /** @type {string} */ place, at = 0, station = 0) => {
    if (t < Infinity) found.push({ t, place, at, station });
  };
  add(request.sent, "line");
  if (request.received < Infinity && pool) {
    add(request.received, "seat", request.seat);
    let earliest = Infinity; // a station that was reached after one behind it is not gone back to
    for (let index = stations - 1; index > 0; index--) {
      const t = request.stations[index] ?? Infinity;
      if (t < earliest) add(earliest = t, "seat", request.seat, index);
    }
  } else if (request.received < Infinity) {
    add(request.received, "active", own);
    if (ownThread(request)) add(request.entered, "shelf", own);
    else {
      for (const [start, end] of request.suspended) {
        add(start, "shelf", own);
        add(end, "active", own);
      }
    }
  }
  add(request.left, pool ? "seat" : "ready", pool ? request.seat : left, pool ? -1 : 0);
  add(request.ended, "tray", ended);
  return found.sort((a, b) => a.t - b.t);
}

/** Without those too short to be seen, and departures a little apart. @param {Stop[]} stops */
function seenStops(stops) {
  const kept = stops.filter((stop, at) =>
    at === 0 || at === stops.length - 1 || nth(stops, at + 1).t - stop.t >= BLINK
  );
  /** @type {Stop[]} */
  const found = [];
  let before = null;
  for (const stop of kept) {
    const same = before && before.place === stop.place && before.at === stop.at && before.station === stop.station;
    before = stop;
    if (!same) found.push({ ...stop, t: Math.max(stop.t, found.length ? (found.at(-1)?.t ?? 0) + BLINK : stop.t) });
  }
  return found;
}

/** The ways of all requests of a lane: they change with its facts alone. @param {Lane} lane @param {Head} head @param {Layout} layout */
function movesOf(lane, head, layout) {
  let moves = lane.moves.get(layout);
  if (!moves) {
    const left = ranks(lane.requests.map((each) => each.left));
    const ended = ranks(lane.requests.map((each) => each.ended));
    const stops = lane.requests.map((each, at) =>
      seenStops(allStops(each, head.kind, nth(left, at), nth(ended, at), layout.stations.length))
    );
    moves = { stops, gone: stops.map((each) => each[1]?.t ?? Infinity) };
    lane.moves.set(layout, moves);
  }
  return moves;
}

/**
 * Where each queues: in one of the lines, which move up as those in front leave.
 * @param {Grid} line @param {number[]} gone @param {number} t @param {number} hop @returns {[number, number][]}
 */
function queue({ x, y, dx, dy, wrap }, gone, t, hop) {
  const ranks = Array(wrap).fill(0);
  return gone.map((left, at) => {
    const row = at % wrap;
    const rank = ranks[row];
    ranks[row] += 1 - ease((t - left) / hop);
    return [x + rank * dx, y + row * dy];
  });
}

/** @param {Layout} layout @param {Stop} stop @param {() => [number, number]} queued @returns {[number, number]} */
function target(layout, stop, queued) {
  if (stop.place === "line") return queued();
  if (stop.place === "seat") {
    const seat = nth(layout.seats, stop.at % layout.seats.length);
    const x = stop.station >= 0 ? nth(layout.stations, stop.station) : seat.w - layout.radius - 4;
    return [seat.x + x, seat.y + seat.h * (layout.line_up ? 0.62 : 0.5)];
  }
  if (stop.place === "active") return cell(layout.active, stop.at % layout.active.wrap);
  if (stop.place === "shelf") return cell(layout.seats_on_shelf, stop.at);
  return cell(stop.place === "ready" ? layout.ready : layout.answered, stop.at);
}

/**
 * @param {Layout} layout @param {Moves} moves @param {number} index @param {number} at @param {number} t @param {() => [number, number]} queued
 * @param {number} hop
 * @returns {[number, number]}
 */
function onTheWay(layout, moves, index, at, t, queued, hop) {
  const stop = nth(nth(moves.stops, index), at);
  const to = target(layout, stop, queued);
  if (at && !stop.from) {
    const then = () => nth(queue(layout.line, moves.gone, stop.t, hop), index);
    stop.from = onTheWay(layout, moves, index, at - 1, stop.t, then, hop);
  }
  return between(stop.from ?? [layout.queue.x - 2 * layout.radius, to[1]], to, ease((t - stop.t) / hop));
}

// The picture

/** @param {Lane} lane @param {number} t */
export function laneClock(lane, t) {
  const sent = Math.min(...lane.requests.map((each) => each.sent));
  if (sent === Infinity) return { sent, elapsed: 0, over: false };
  const last = Math.max(...lane.requests.map((each) => each.ended));
  const over = last <= t;
  return { sent, elapsed: over && lane.total || Math.max(0, (over ? last : t) - sent), over };
}

/**
 * A lane at a moment; its dots are seen `rest` ms further on their ways, and take `hop` ms from one place to the next.
 * @param {Scene} scene @param {number} index @param {Layout} layout @param {number} t @param {number} known @param {number} rest
 * @param {number} hop
 */
export function drawLane(scene, index, layout, t, known, rest = 0, hop = HOP) {
  const [lane, head] = [nth(scene.lanes, index), nth(scene.header.lanes, index)];
  const held = heldStretches(lane, known);
  const moves = movesOf(lane, head, layout);
  const queued = queue(layout.line, moves.gone, t + rest, hop);
  /** @type {Record<string, number>} */
  const looks = {};
  const dots = [];
  /** @type {boolean[]} */
  const taken = Array(head.kind === "pool" ? head.seats : 0).fill(false);
  let [shelved, threads] = [0, false];
  for (const [at, request] of lane.requests.entries()) {
    const look = lookAt(request, held, t);
    looks[look] = (looks[look] ?? 0) + 1;
    if (look === "idle") continue;
    const stops = nth(moves.stops, at);
    const [x, y] = onTheWay(
      layout,
      moves,
      at,
      Math.max(0, stops.findLastIndex((stop) => stop.t <= t + rest)),
      t + rest,
      () => nth(queued, at),
      hop,
    );
    const wait = look === "free" || look === "blocked" ? within(request.waits, t) : undefined;
    const ring = wait ? Math.min(1, (t - wait[0]) / (scene.header.wait * 1000)) : -1;
    const calls = request.fetches.findLast(([since]) => since <= t)?.[1] ?? 0;
    dots.push({ number: request.number, x, y, look, alpha: ease((t - request.sent) / hop), ring, calls });
    if (taken.length && request.received <= t && t < request.ended) taken[request.seat % head.seats] = true;
    if (head.kind === "loop" && outsideLoop(request, t)) {
      shelved += 1;
      threads ||= ownThread(request);
    }
  }
  const answered = (looks.done ?? 0) + (looks.failed ?? 0);
  return { dots, looks, taken, held: within(held, t) !== undefined, ...laneClock(lane, t), shelved, threads, answered };
}

// Along time

/** @param {number} end @param {number} known both s @returns {{ end: number, tick: number }} */
export function axisFor(end, known) {
  let need = end;
  while (need < known) need *= GROWTH;
  return { end: need, tick: TICKS.find((tick) => need < 7 * tick) ?? 20 };
}

/** @param {number} ms since the load began @param {number} end s @param {Box} place */
export function axisX(ms, end, place) {
  return Math.round((place.x + Math.min(place.w, Math.max(0, ms / 1000 / end * place.w))) * 10) / 10;
}

/** @param {Request} request @param {Stretch[]} held @returns {[string, number, number][]} */
function barStretches(request, held) {
  if (request.sent === Infinity) return [];
  /** @type {[string, number, number][]} */
  const found = [];
  const add = (/** @type {string} */ look, /** @type {number} */ start, /** @type {number} */ end) => {
    if (end > start) found.push([look, start, end]);
  };
  const left = Math.min(request.ended, request.left);
  let at = Math.min(left, request.entered);
  add("queued", request.sent, at);
  for (const wait of request.waits) {
    const [start, end] = [Math.max(at, wait[0]), Math.min(wait[1], left)];
    add("running", at, start);
    let since = start;
    for (const each of held) {
      const [low, high] = [Math.max(since, each[0]), Math.min(end, each[1])];
      if (high <= low) continue;
      add("free", since, low);
      add("blocked", low, high);
      since = high;
    }
    add("free", since, end);
    at = Math.max(at, end);
  }
  add("running", at, left);
  add("ready", left, request.ended);
  return found;
}

/** @param {number} low @param {number} y @param {number} high @param {number} h */
function rectangle(low, y, high, h) {
  const short = (/** @type {number} */ value) => String(Math.round(value * 100) / 100);
  return `M${short(low)} ${short(y)}H${short(high)}v${short(h)}H${short(low)}z`;
}

/** A path for each state. @param {Scene} scene @param {number} index @param {Layout} layout @param {number} end @param {number} known */
export function barPaths(scene, index, layout, end, known) {
  const [lane, zero] = [nth(scene.lanes, index), scene.zero || 0];
  const held = heldStretches(lane, known);
  const h = layout.row - (layout.row >= 4 ? 1.4 : 0.3);
  const paths = Object.fromEntries(LOOKS.map((look) => [look, ""]));
  for (const request of lane.requests) {
    const y = layout.rows.y + (request.number - 1) * layout.row;
    let edge = 0; // of what is drawn so far: nothing covers a short run
    for (const [look, start, stop] of barStretches(request, held)) {
      const low = Math.max(edge, axisX(start - zero, end, layout.rows));
      const high = Math.max(
        axisX(stop - zero, end, layout.rows),
        look === "running" ? Math.round((low + TICK) * 10) / 10 : 0,
      );
      if (high <= low) continue;
      paths[look] += rectangle(low, y, high, h);
      edge = high;
    }
    if (request.ended < Infinity && request.outcome !== "done") {
      const low = axisX(request.ended - zero, end, layout.rows);
      paths[request.outcome] += rectangle(low, y, low + STUB, h);
    }
  }
  return paths;
}

/** Where the server was held. @param {Scene} scene @param {number} index @param {Layout} layout @param {number} end @param {number} known */
export function stripPath(scene, index, layout, end, known) {
  const zero = scene.zero || 0;
  return heldStretches(nth(scene.lanes, index), known).map(([start, stop]) => {
    const [low, high] = [axisX(start - zero, end, layout.strip), axisX(stop - zero, end, layout.strip)];
    return rectangle(low, layout.strip.y, Math.max(high, low + 0.5), layout.strip.h);
  }).join("");
}

/** A part of the circle around a dot, from the top, clockwise. @param {number} radius @param {number} share */
export function ringPath(radius, share) {
  if (share <= 0) return "";
  const [turn, r] = [Math.min(share, 0.999) * 2 * Math.PI, radius + 2];
  const end = `${(r * Math.sin(turn)).toFixed(2)} ${(-r * Math.cos(turn)).toFixed(2)}`;
  return `M0 ${-r}A${r} ${r} 0 ${Number(share > 0.5)} 1 ${end}`;
}
