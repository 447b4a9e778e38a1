// What the page's modules hear and say, for the type checker alone.

interface DocumentEventMap {
  /** HTML has been swapped in, for whatever reason. */
  "htmx:after:swap": CustomEvent<{ ctx?: { sourceElement?: Element; target?: Element } }>;
}
