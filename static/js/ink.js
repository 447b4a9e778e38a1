// Colours the code in the editor: a copy of the text lies behind the textarea, whose own letters are transparent as soon as the copy is there.

import { all, around, first } from "./dom.js";

const TOKENS =
  /(?<comment>#.*)|(?<string>"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(?<keyword>\b(?:async|await|def|return|import|from|as|with|for|while|if|elif|else|try|except|finally|raise|class|lambda|pass|not|and|or|in|is|None|True|False)\b)|(?<name>(?<=\bdef\s+)\w+)/g;
/** @type {Record<string, string>} kind of a token -> class, as Pygments names it */
const CLASSES = { comment: "c1", string: "s1", keyword: "k", name: "nf" };

/** @param {RegExpMatchArray} match */
function inked(match) {
  const span = document.createElement("span");
  const kind = Object.keys(CLASSES).find((each) => match.groups?.[each] !== undefined);
  span.className = CLASSES[kind ?? ""] ?? "";
  span.textContent = match[0];
  return span;
}

/** @param {EventTarget | null} target @returns {[HTMLTextAreaElement | null, HTMLElement | null]} an editor, its ink */
function parts(target) {
  const editor = around(target, "[data-editor]", HTMLTextAreaElement);
  return [editor, first("pre", HTMLElement, editor?.parentElement)];
}

/** @param {EventTarget | null} target */
function paint(target) {
  const [editor, ink] = parts(target);
  if (!editor || !ink) return;
  /** @type {(string | Node)[]} */
  const pieces = [];
  let end = 0;
  for (const match of editor.value.matchAll(TOKENS)) {
    pieces.push(editor.value.slice(end, match.index), inked(match));
    end = match.index + match[0].length;
  }
  ink.replaceChildren(...pieces, `${editor.value.slice(end)}\n`);
  follow(editor);
}

/** @param {EventTarget | null} target */
function follow(target) {
  const [editor, ink] = parts(target);
  if (editor && ink) [ink.scrollTop, ink.scrollLeft] = [editor.scrollTop, editor.scrollLeft];
}

function paintAll() {
  all("[data-editor]", HTMLTextAreaElement).forEach(paint);
}

document.addEventListener("input", ({ target }) => paint(target));
document.addEventListener("scroll", ({ target }) => follow(target), true);
document.addEventListener("htmx:after:swap", paintAll);
paintAll();
