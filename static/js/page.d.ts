// What the page's modules hear and say, for the type checker alone.

interface DocumentEventMap {
  /** HTML has been swapped in, for whatever reason. */
  "htmx:after:swap": CustomEvent<{ ctx?: { sourceElement?: Element; target?: Element } }>;
  /** A frame is on the page. */
  "lesson:frame": CustomEvent<Frame>;
  /** A word for the server. Its default is prevented when it was taken. */
  "lesson:say": CustomEvent<Record<string, unknown>>;
  /** Chromium: the page is about to stand still, or goes on. */
  freeze: Event;
  resume: Event;
}

/** What a frame tells besides its regions; lessons/playback/playhead.py has the meanings. */
interface Frame {
  seq: number;
  end: number;
  mode: "live" | "paused" | "playing";
  rate: number;
  at: number;
  last: number;
  text: string;
  over: boolean;
}

declare const htmx: {
  swap(ctx: { sourceElement: Element; target: Element; text: string; swap: string }): Promise<void>;
};
