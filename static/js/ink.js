// Colours the code in the editor: a copy of the text lies behind the textarea, whose own letters are made transparent.

import { all } from "./dom.js";

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

/** @param {HTMLTextAreaElement} editor @param {HTMLElement} ink */
function paint(editor, ink) {
  /** @type {(string | Node)[]} */
  const parts = [];
  let end = 0;
  for (const match of editor.value.matchAll(TOKENS)) {
    parts.push(editor.value.slice(end, match.index), inked(match));
    end = match.index + match[0].length;
  }
  ink.replaceChildren(...parts, `${editor.value.slice(end)}\n`);
  follow(editor, ink);
}

/** @param {HTMLTextAreaElement} editor @param {HTMLElement} ink */
function follow(editor, ink) {
  ink.scrollTop = editor.scrollTop;
  ink.scrollLeft = editor.scrollLeft;
}

/** @param {HTMLTextAreaElement} editor */
function dress(editor) {
  if (editor.parentElement?.classList.contains("inked")) return;
  const box = document.createElement("div");
  const ink = document.createElement("pre");
  box.className = "inked";
  ink.className = "editor code";
  ink.setAttribute("aria-hidden", "true");
  editor.replaceWith(box);
  box.append(ink, editor);
  editor.addEventListener("input", () => paint(editor, ink));
  editor.addEventListener("scroll", () => follow(editor, ink));
  paint(editor, ink);
}

function dressAll() {
  for (const each of all("textarea[data-editor]", HTMLTextAreaElement)) dress(each);
}

dressAll();
document.addEventListener("htmx:after:swap", dressAll);
