// The one place that decides whether an answer may be swapped in: it must be ours, and of the kind that was asked for.
// Otherwise nothing on the page changes, and what happened is said beside the control that was pressed.

import { all } from "./dom.js";
import { broken, judged, unanswered } from "./failures.js";
import { find, originOf } from "./forms.js";
import { hush, tell } from "./notes.js";
import { answered, failed, polls } from "./pollers.js";

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
  failure.what = (await raw.text().catch(() => "")).trim() || "The site does not accept this.";
  refuse(ctx, failure);
}

// A browser that has lost its cookies has lost the secret behind the forms' tokens, too. The site's refusal brings a new
// token: all forms get it, and what was pressed is posted once more. Nobody need know.

/** @type {Map<string, HtmxContext>} form that is posted once more -> the request that was refused */
const refused = new Map();

/**
 * Whether the post is repeated with the new token of this refusal; false when that has been tried already.
 * @param {HtmxContext} ctx
 * @param {Response} raw
 */
function renewed(ctx, raw) {
  const token = raw.headers.get("Lesson-Token");
  const { form } = originOf(ctx);
  if (!token || refused.has(form)) return false;
  for (const each of all("[name=csrfmiddlewaretoken]", HTMLInputElement)) each.value = token;
  refused.set(form, ctx);
  return true;
}

/**
 * Whether this request is to be posted once more now that it is over.
 * @param {HtmxContext} ctx
 */
function isPostedAgain(ctx) {
  const { form } = originOf(ctx);
  if (refused.get(form) === ctx) return true;
  refused.delete(form);
  return false;
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
