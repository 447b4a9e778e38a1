// Text that is typed and not saved yet (data-draft names it) stays in this tab: over a change of tab or step, a reload, and
// the way back. It is forgotten when it is saved; what is never saved (data-draft-lasts) lasts as long as the tab.

import { all, around, first } from "./dom.js";
import { session } from "./memory.js";

const DRAFT = "textarea[data-draft]";

/** @typedef {{ base: string, text: string }} Draft `base` is what was saved when it was begun */

/** @param {HTMLTextAreaElement} editor */
function key(editor) {
  return `draft:${editor.dataset.draft}`;
}

/** @param {HTMLTextAreaElement} editor @returns {Draft | null} */
function drafted(editor) {
  try {
    const { base, text } = JSON.parse(session.recall(key(editor)) ?? "null");
    return typeof base === "string" && typeof text === "string" ? { base, text } : null;
  } catch {
    return null;
  }
}

/** @param {HTMLTextAreaElement} editor @param {string} text */
function put(editor, text) {
  editor.value = text;
  editor.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {HTMLTextAreaElement} editor */
function save(editor) {
  const { defaultValue: base, value: text } = editor;
  if (text === base && !lasts(editor)) session.forget(key(editor));
  else session.keep(key(editor), JSON.stringify({ base, text }));
}

/** @param {HTMLTextAreaElement} editor */
function lasts(editor) {
  return editor.dataset.draftLasts !== undefined;
}

/** @param {HTMLTextAreaElement} editor */
function place(editor) {
  return first("[data-draft-note]", HTMLElement, around(editor, "form", HTMLElement));
}

/** @param {HTMLTextAreaElement} editor @param {string} text @param {string} label @param {() => void} press */
function say(editor, text, label, press) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "quiet", textContent: label });
  button.addEventListener("click", () => {
    place(editor)?.replaceChildren();
    press();
    editor.focus();
  });
  place(editor)?.replaceChildren(`${text} `, button);
}

/** Back with what was typed; over newer text only if the learner wants it. @param {HTMLTextAreaElement} editor */
function restore(editor) {
  const draft = drafted(editor);
  const saved = editor.defaultValue;
  if (!draft) return;
  if (editor.value !== saved || draft.text === saved) return save(editor);
  if (lasts(editor)) return put(editor, draft.text);
  if (draft.base !== saved) {
    const text = "You have unsaved text here.";
    return say(editor, text, "Restore it", () => put(editor, draft.text));
  }
  put(editor, draft.text);
  say(editor, "What you had typed is back. It is not saved yet.", "Discard it", () => put(editor, saved));
}

function restoreAll() {
  for (const each of all(DRAFT, HTMLTextAreaElement)) restore(each);
}

document.addEventListener("input", ({ target }) => {
  const editor = around(target, DRAFT, HTMLTextAreaElement);
  if (editor) save(editor);
});

document.addEventListener("htmx:after:swap", restoreAll);
restoreAll();
