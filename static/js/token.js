// A browser that has lost its cookies has lost the secret behind the forms' tokens, too. The site's refusal brings a new
// token: all forms get it, and what was pressed is posted once more. Nobody need know.

import { all } from "./dom.js";
import { originOf } from "./forms.js";

/** @type {Map<string, HtmxContext>} form that is posted once more -> the request that was refused */
const refused = new Map();

/**
 * Whether the post is repeated with the new token of this refusal; false when that has been tried already.
 * @param {HtmxContext} ctx
 * @param {Response} raw
 */
export function renewed(ctx, raw) {
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
export function isPostedAgain(ctx) {
  const { form } = originOf(ctx);
  if (refused.get(form) === ctx) return true;
  refused.delete(form);
  return false;
}
