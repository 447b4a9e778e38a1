// The one place that decides whether an answer may be swapped in: it must be ours, and of the kind that was asked for.
// Otherwise nothing on the page changes, and what happened is said beside the control that was pressed.

import { broken, judged, unanswered } from "./failures.js";
import { find, originOf } from "./forms.js";
import { hush, tell } from "./notes.js";
import { answered, failed, polls } from "./pollers.js";
import { isPostedAgain, renewed } from "./token.js";

/** @typedef {import("./failures.js").Failure} Failure */

// Seconds without an answer. What starts a run waits for an event log that is away, which takes up to ten.
const PATIENCE = { POST: 20, GET: 15, poll: 8 };

/** @type {WeakMap<HtmxContext, number>} when the request was sent, by `performance.now()` */
const sent = new WeakMap();

/** @param {HtmxContext} ctx */
function patience(ctx) {
  if (polls(ctx)) return PATIENCE.poll;
  return ctx.request?.method === "POST" ? PATIENCE.POST : PATIENCE.GET;
}

/** @param {HtmxContext} ctx what was pressed, once more */
function repeat(ctx) {
  const { form, button } = originOf(ctx);
  const source = find(form);
  if (source instanceof HTMLFormElement) source.requestSubmit(find(button));
  else if (source === document.body) location.reload();
  else source?.click();
}

/** @param {HtmxContext} ctx */
function accept(ctx) {
  if (polls(ctx)) answered(ctx);
  else hush(ctx);
}

/** @param {HtmxContext} ctx @param {Failure} failure */
function refuse(ctx, failure) {
  ctx.failure = failure;
  if (polls(ctx)) failed(ctx, failure);
  else tell(ctx, failure, () => repeat(ctx));
}

/** @param {HtmxContext} ctx @param {Failure} failure @param {Response} raw what is to be said stands in it */
async function refuseInWords(ctx, failure, raw) {
  ctx.failure = failure;
  failure.what = (await raw.text().catch(() => "")).trim() || "The site does not take this.";
  refuse(ctx, failure);
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request) ctx.request.timeout = patience(ctx) * 1000;
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  sent.set(ctx, performance.now());
});

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const raw = ctx.response?.raw;
  if (!raw || !ctx.request) return;
  const wanted = ctx.request.headers["HX-Request-Type"] === "full" ? "page" : "fragment";
  const failure = judged(raw, wanted);
  if (!failure) return accept(ctx);
  event.preventDefault();
  if (ctx.request.headers["HX-History-Restore-Request"]) location.reload(); // the address has changed: its own page
  else if (failure.kind === "token" && renewed(ctx, raw)) ctx.failure = failure;
  else if (failure.what) refuse(ctx, failure);
  else refuseInWords(ctx, failure, raw);
});

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  const began = ctx && sent.get(ctx);
  if (!ctx || began === undefined || ctx.failure) return;
  const waited = (performance.now() - began) / 1000 > patience(ctx) - 0.1;
  const aborted = error instanceof DOMException && error.name === "AbortError";
  if (ctx.text !== undefined) refuse(ctx, broken());
  else if (waited || !aborted) refuse(ctx, unanswered(waited ? patience(ctx) : 0));
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (isPostedAgain(ctx)) setTimeout(repeat, 0, ctx);
});
