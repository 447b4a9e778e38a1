// The link between the stage on this page and the server. It comes back by itself, says how it stands, and never looks
// alive when it is dead. docs/ARCHITECTURE.md has the protocol.
// Other modules hear of each frame by "lesson:frame", once it is on the page, and speak by "lesson:say": its default is
// prevented when the word was taken.

import { first, part } from "./dom.js";
import { overHttp, overSocket } from "./wire.js";

/** @typedef {import("./wire.js").Message} Message */
/** @typedef {"socket" | "http"} Kind */
/** @typedef {{ kind: Kind, wire: import("./wire.js").Wire, began: number, timer: number }} Line */

const SILENCE = 12_000; // ms without a message that tell a dead link; the server shows itself every 5 s
const GRACE = 900; // ms for which a loss is not told: most are over by then
const UNKNOWN_WAY = 3000; // ms for the first message while we do not know how quick the way is
const RETRY = 1500; // ms between two attempts at most, …
const LATER = 10_000; // … and once it has been down for long
const LONG = 600_000; // ms
const ASLEEP = 60_000; // ms out of sight after which the link is given back
const UPGRADE = 60_000; // ms after which a page over plain HTTP looks for a socket, …
const SOON = 2000; // … and where it had one before
const STEADY = 10_000; // ms after which a link is no more taken for one that will be lost again at once
const GONE = 4404; // what the page shows is not there any more

/** @type {HTMLElement | null} */
let stage = null;
let position = ""; // where the page is: the query with which it comes back
/** @type {Line | null} */
let live = null;
/** @type {Line | null} */
let trial = null; // an attempt
/** @type {Kind} */
let preferred = "socket";
let hadSocket = false;
let parked = false; // out of sight for long, or frozen
let over = ""; // why it is not tried again
let reason = ""; // what the server said when it ended the link
let linked = ""; // the stage's address
let told = ""; // that of the run whose end has been told
let took = 0; // ms from an attempt to its first message, the last time; 0: not known
let heardAt = 0;
let lostAt = 0; // 0: not lost
let rounds = 0; // attempts since
let late = 0; // attempts in a row that took too long
let retry = 0; // timers
let doubt = 0;
let sleep = 0;
let upgrade = 0;
let ticked = Date.now();
let number = 0; // of the last word
/** @type {({ id: number } & Record<string, unknown>)[]} */
let unheard = []; // words that no frame reflects yet
let queue = Promise.resolve(); // messages are taken one after another

const now = () => Date.now();

/** How long an attempt, or the answer to a ping, may take. Each third attempt may take longer: the way may be slow now. */
function patience() {
  const usual = took ? Math.min(8000, Math.max(RETRY, took * 4)) : UNKNOWN_WAY;
  return late % 3 === 2 ? usual * 4 : usual;
}

// Coming and going

/** @param {Kind} kind */
function attempt(kind) {
  clearTimeout(retry);
  /** @type {Line} */
  const mine = {
    kind,
    began: now(),
    timer: setTimeout(() => tooLate(mine), patience()),
    wire: { send() {}, close() {} },
  };
  trial = mine;
  const ear = { hear: (/** @type {Message} */ message) => hear(mine, message), lost: () => lost(mine) };
  mine.wire = (kind === "socket" ? overSocket : overHttp)(`${linked}?${position}`, ear);
}

/** @param {Line} mine @param {Message} message */
function hear(mine, message) {
  if (message.closed !== undefined && (mine === trial || mine === live)) return ended(message);
  if (mine === trial) up(mine);
  if (mine !== live) return;
  heardAt = now();
  clearTimeout(doubt);
  queue = queue.then(() => take(mine, message)).catch(() => lost(mine)); // then everything comes anew
}

/** @param {Line} mine */
function up(mine) {
  clearTimeout(mine.timer);
  trial = null;
  took = now() - mine.began;
  late = 0;
  live?.wire.close();
  live = mine;
  preferred = mine.kind;
  lostAt = 0;
  reason = "";
  queue = Promise.resolve();
  for (const word of unheard) mine.wire.send(word);
  clearTimeout(upgrade);
  if (mine.kind === "socket") hadSocket = true;
  else upgrade = setTimeout(lookForSocket, hadSocket ? SOON : UPGRADE);
  tell();
}

function lookForSocket() {
  if (live?.kind === "http" && !trial) attempt("socket");
}

/** @param {Line} mine */
function lost(mine) {
  if (mine === trial) failed(mine);
  if (mine !== live) return;
  mine.wire.close();
  live = null;
  lostAt = now();
  setTimeout(tell, GRACE);
  if (!trial) again();
}

/** @param {Line} mine */
function tooLate(mine) {
  late += 1;
  failed(mine);
}

/** @param {Line} mine */
function failed(mine) {
  clearTimeout(mine.timer);
  mine.wire.close();
  if (mine !== trial) return;
  trial = null;
  if (live) {
    upgrade = setTimeout(lookForSocket, UPGRADE);
    return;
  }
  lostAt ||= mine.began;
  tell();
  if (mine.kind === preferred) attempt(preferred === "socket" ? "http" : "socket");
  else again();
}

function again() {
  clearTimeout(retry);
  if (over || parked || !stage) return;
  const most = now() - lostAt > LONG ? LATER : RETRY;
  const delay = rounds ? Math.min(most, 200 * 2 ** rounds) * (0.7 + 0.6 * Math.random()) : 0;
  rounds += 1;
  retry = setTimeout(() => attempt(preferred), delay);
}

/** Something has changed that may have freed the way, or closed it. */
function check() {
  if (over || parked || !stage) return;
  const mine = live;
  if (mine) {
    clearTimeout(doubt);
    doubt = setTimeout(() => lost(mine), patience());
    mine.wire.send({ type: "ping" });
  } else if (!trial || now() - trial.began > RETRY) {
    close();
    rounds = 0;
    again();
  }
}

function close() {
  for (const each of [live, trial]) {
    clearTimeout(each?.timer);
    each?.wire.close();
  }
  for (const timer of [retry, doubt, upgrade]) clearTimeout(timer);
  live = trial = null;
}

function park() {
  parked = true;
  close();
}

function unpark() {
  clearTimeout(sleep);
  if (parked) {
    parked = false;
    lostAt = now(); // of what was closed on purpose nothing is said at once
    rounds = 0;
    again();
  } else check();
}

/** Keeps to the stage on the page. */
function follow() {
  const found = first("#stage[data-link]", HTMLElement);
  if (found === stage && found?.dataset.link === linked) return tell();
  close();
  stage = found;
  linked = found?.dataset.link ?? "";
  position = found?.dataset.position ?? "";
  unheard = [];
  over = reason = "";
  lostAt = rounds = 0;
  if (found && !parked) attempt(preferred);
}

// Messages

/** @param {Line} mine @param {Message} message */
async function take(mine, message) {
  if (mine !== live || !stage) return;
  if (message.content) await htmx.swap({ sourceElement: stage, target: stage, text: message.content, swap: "none" });
  const heard = message.heard ?? message.beat ?? 0;
  unheard = unheard.filter(({ id }) => id > heard);
  if (message.frame === undefined) return;
  position = message.back ?? position;
  document.dispatchEvent(new CustomEvent("lesson:frame", { detail: message }));
  if (message.ended && told !== linked) {
    told = linked;
    document.dispatchEvent(new CustomEvent("lesson:ended"));
  }
  mine.wire.send({ type: "ack", frame: message.frame });
}

/** @param {Message} message */
function ended(message) {
  close();
  lostAt ||= now();
  reason = message.reason ?? "";
  rounds = Math.max(1, rounds); // not at once: it would end again
  if (message.closed === GONE) over = reason;
  else again();
  tell();
}

document.addEventListener("lesson:say", (event) => {
  if (!stage || over || state() === "lost") return tell();
  number += 1;
  const word = { ...event.detail, id: number };
  unheard.push(word); // what is said while the page connects is sent then
  live?.wire.send(word);
  event.preventDefault();
});

// What is said of it

function state() {
  if (over) return "gone";
  if (live) return "live";
  return lostAt && now() - lostAt >= GRACE ? "lost" : "";
}

function sentence() {
  if (over) return over;
  if (state() !== "lost") return "";
  if (!navigator.onLine) return "You are offline. This page goes on by itself when you are back.";
  return `${reason || "The connection to the server is lost."} Trying again…`;
}

function tell() {
  if (!stage) return;
  stage.dataset.alive = state();
  const place = part("link", HTMLElement);
  const text = first("[data-link-text]", HTMLElement, place);
  if (!place || !text) return;
  if (text.textContent !== sentence()) text.textContent = sentence();
  const button = first("[data-link-retry]", HTMLButtonElement, place);
  if (button) button.hidden = state() !== "lost";
  const way = first("[data-link-way]", HTMLElement);
  if (way) way.hidden = live?.kind !== "http";
}

document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-link-retry]")) check();
});

function tick() {
  const slept = now() - ticked > 5000;
  ticked = now();
  if (live && now() - live.began > STEADY) rounds = 0;
  if (live && now() - heardAt > SILENCE && !slept) lost(live);
  else if (slept) check();
  tell();
}

for (const type of ["online", "offline"]) addEventListener(type, check);
addEventListener("pagehide", park);
addEventListener("pageshow", ({ persisted }) => persisted && unpark());
document.addEventListener("freeze", park);
document.addEventListener("resume", unpark);
document.addEventListener("visibilitychange", () => {
  clearTimeout(sleep);
  if (document.hidden) sleep = setTimeout(park, ASLEEP);
  else unpark();
});
for (const kind of /** @type {const} */ (["htmx:before:settle", "htmx:after:swap"])) {
  document.addEventListener(kind, follow);
}
setInterval(tick, 1000);
follow();
