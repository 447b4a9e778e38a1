// Colours the code in the editor: a copy of the text lies behind the textarea, whose own letters are made transparent.

const TOKENS =
  /(?<comment>#.*)|(?<string>"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(?<keyword>\b(?:async|await|def|return|import|from|as|with|for|while|if|elif|else|try|except|finally|raise|class|lambda|pass|not|and|or|in|is|None|True|False)\b)|(?<name>(?<=\bdef\s+)\w+)/g;
const CLASSES = { comment: "c1", string: "s1", keyword: "k", name: "nf" };

function paint(editor, ink) {
  const parts = [];
  let end = 0;
  for (const match of editor.value.matchAll(TOKENS)) {
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    const span = document.createElement("span");
    span.className = CLASSES[kind];
    span.textContent = match[0];
    parts.push(editor.value.slice(end, match.index), span);
    end = match.index + match[0].length;
  }
  ink.replaceChildren(...parts, `${editor.value.slice(end)}\n`);
  follow(editor, ink);
}

function follow(editor, ink) {
  ink.scrollTop = editor.scrollTop;
  ink.scrollLeft = editor.scrollLeft;
}

function dress(editor) {
  if (editor.parentElement.classList.contains("inked")) return;
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
  document.querySelectorAll("textarea[data-editor]").forEach(dress);
}

dressAll();
document.addEventListener("htmx:after:swap", dressAll);
