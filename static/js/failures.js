// Why an answer is not taken in, in plain words: what happened, and what to do. The only judge of answers.
// Every answer of ours says in a header what it is (lessons/middleware.py); what says nothing comes from somebody else.

/**
 * @typedef {object} Failure
 * @property {"offline" | "away" | "silent" | "busy" | "gone" | "foreign" | "refused" | "token"} kind
 * @property {string} what happened
 * @property {string} todo
 * @property {"again" | "reload" | "open" | "none"} act the button beside it
 * @property {number} wait seconds until it is worth trying again
 */

const SAFE = "Trying again will not do it twice.";

/**
 * @param {Failure["kind"]} kind
 * @param {string} what
 * @param {string} todo
 * @param {Partial<Failure>} [more]
 * @returns {Failure}
 */
function failure(kind, what, todo, more) {
  return { kind, what, todo, act: "again", wait: 0, ...more };
}

/** @param {Response} response */
function waiting(response) {
  const told = response.headers.get("Retry-After") ?? "";
  const wait = /^\d+$/.test(told) ? Number(told) : Math.ceil((Date.parse(told) - Date.now()) / 1000);
  return Math.min(Math.max(wait || 0, 0), 3600);
}

/** @param {number} seconds */
function span(seconds) {
  if (!seconds) return "in a moment";
  return seconds < 100 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`;
}

/** @param {Response} response */
function busy(response) {
  const wait = waiting(response);
  return failure("busy", "The site is too busy just now.", `Nothing is lost. Try again ${span(wait)}.`, {
    wait,
  });
}

/** @param {Response} response an answer that is not ours */
function foreign(response) {
  const { status } = response;
  if (status === 429 || (status === 503 && response.headers.has("Retry-After"))) return busy(response);
  if (status === 413) return failure("refused", "This is too large for the site.", "Shorten it, then try again.");
  if (status >= 500) {
    const what = `The site does not answer. Something on the way to it says “${status}”.`;
    return failure("away", what, `It may be restarting: try again in a moment. ${SAFE}`);
  }
  const what = "Somebody else has answered in place of this site, perhaps the sign-in page of your network.";
  return failure("foreign", what, "Open the site in a new tab, sign in there if you are asked to, then try again.", {
    act: "open",
  });
}

/** @param {Response} response a page of ours where something else was asked for, or one that tells of an error */
function page(response) {
  const { status } = response;
  if (status === 404 || status === 410) {
    const what = "This is not here any more: it has been deleted, or it has expired.";
    return failure("gone", what, "Reload the page to see what there is.", { act: "reload" });
  }
  if (status === 429 || status === 503) return busy(response);
  if (status >= 500) {
    const what = "Something went wrong on the site. It has been logged.";
    return failure("away", what, `Nothing you typed is lost: try again in a moment. ${SAFE}`);
  }
  const what = status < 400 ? "The site has changed since this page was opened." : "The site does not accept this.";
  return failure("refused", what, "Reload the page, then try once more. What you typed stays.", { act: "reload" });
}

/**
 * Why this answer may not be swapped in; null when it may. For "text" and "token" `what` is still to be read from it.
 * @param {Response} response
 * @param {"page" | "fragment"} wanted
 * @returns {Failure | null}
 */
export function judged(response, wanted) {
  const kind = response.headers.get("Lesson-Answer");
  if (kind === "nothing" || (kind === wanted && (kind === "fragment" || response.ok))) return null;
  if (kind === "token") return failure("token", "", "");
  if (kind === "text") {
    const { status } = response;
    const gone = status === 404 || status === 410;
    const act = gone ? "reload" : status === 429 || status >= 500 ? "again" : "none";
    return failure(gone ? "gone" : "refused", "", "", { act, wait: waiting(response) });
  }
  return kind ? page(response) : foreign(response);
}

/**
 * Why there was no answer at all.
 * @param {number} waited seconds, when nothing came in so long; 0 when the connection failed
 */
export function unanswered(waited) {
  if (waited) {
    const what = `The site has not answered for ${waited} seconds.`;
    return failure("silent", what, `It may have received what you sent. ${SAFE}`);
  }
  if (!navigator.onLine) {
    return failure("offline", "You are offline, so nothing was sent.", "Try again when the connection is back.");
  }
  const what = "The site cannot be reached.";
  return failure("away", what, `Check your connection, or try again in a moment. ${SAFE}`);
}

/** What was answered cannot be shown: a fault of this page. */
export function broken() {
  return failure("refused", "This page cannot show the answer.", "Reload it to see how things stand.", {
    act: "reload",
  });
}
