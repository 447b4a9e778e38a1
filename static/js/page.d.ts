// What the page's modules hear and say, for the type checker alone.

/** What htmx tells of a request; of a frame, which no request has brought, only the first two. */
interface HtmxContext {
  sourceElement: Element;
  target?: Element | string;
  sourceEvent?: Event;
  swap?: string;
  request?: {
    action: string;
    method: string;
    headers: Record<string, string>;
    submitter?: HTMLElement | null;
    timeout?: number;
    abort: (reason?: string) => void;
  };
  response?: { raw: Response };
  text?: string;
  hx?: Record<string, string>;
  /** Ours: why nothing of the answer was taken. */
  failure?: import("./failures.js").Failure;
}

type HtmxEvent = CustomEvent<{ ctx: HtmxContext }>;

interface DocumentEventMap {
  "htmx:config:request": HtmxEvent;
  "htmx:before:request": HtmxEvent;
  "htmx:before:response": HtmxEvent;
  "htmx:finally:request": HtmxEvent;
  "htmx:error": CustomEvent<{ ctx?: HtmxContext; error: unknown }>;
  "htmx:before:swap": CustomEvent<{ ctx: HtmxContext; tasks: object[] }>;
  /** Some of what has been swapped in stands on the page. */
  "htmx:before:settle": CustomEvent<{ task: object; newContent: Node[] }>;
  "htmx:after:settle": CustomEvent<{ task: object; newContent: Node[] }>;
  /** HTML has been swapped in, for whatever reason. */
  "htmx:after:swap": CustomEvent<{ ctx?: HtmxContext }>;
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
  held: boolean;
  now: number | null;
  scene: { from: number; facts: number[][] };
}

declare const htmx: {
  swap(ctx: { sourceElement: Element; target: Element; text: string; swap: string }): Promise<void>;
};
