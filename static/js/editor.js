// Tab indents in the code editor, Enter keeps the indentation. After Escape the next Tab leaves, as everywhere else.

import { around } from "./dom.js";

const INDENT = "    ";
let leaving = false;

/** @param {HTMLTextAreaElement} editor */
function lines(editor) {
  const start = editor.value.lastIndexOf("\n", editor.selectionStart - 1) + 1;
  return { start, end: editor.selectionEnd, text: editor.value.slice(start, editor.selectionEnd) };
}

/**
 * Keeps the browser's undo, which setting the value would lose.
 * @param {HTMLTextAreaElement} editor
 * @param {number} start
 * @param {number} end
 * @param {string} text
 */
function put(editor, start, end, text) {
  editor.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, text)) return;
  editor.setRangeText(text, start, end, "end");
  editor.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {HTMLTextAreaElement} editor @param {boolean} back */
function indent(editor, back) {
  const { start, end, text } = lines(editor);
  if (!back && editor.selectionStart === editor.selectionEnd) {
    put(editor, end, end, INDENT.slice((end - start) % INDENT.length));
    return;
  }
  const changed = back ? text.replace(/^ {1,4}/gm, "") : text.replace(/^(?=.)/gm, INDENT);
  if (changed === text) return;
  put(editor, start, end, changed);
  editor.setSelectionRange(start, start + changed.length);
}

/** @param {HTMLTextAreaElement} editor */
function newLine(editor) {
  const { start } = lines(editor);
  const before = editor.value.slice(start, editor.selectionStart);
  const deeper = before.trimEnd().endsWith(":") ? INDENT : "";
  put(editor, editor.selectionStart, editor.selectionEnd, `\n${before.match(/^ */)?.[0]}${deeper}`);
}

document.addEventListener("keydown", (event) => {
  const editor = around(event.target, "[data-editor]", HTMLTextAreaElement);
  if (!editor || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    leaving = true;
  } else if (event.key === "Tab" && !leaving) {
    event.preventDefault();
    indent(editor, event.shiftKey);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    newLine(editor);
  } else if (event.key !== "Shift" && event.key !== "Tab") {
    leaving = false;
  }
});

document.addEventListener("focusin", () => {
  leaving = false;
});
