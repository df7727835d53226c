/**
 * The one connection of a page: a WebSocket that comes back by itself. All decisions are in
 * `link.ts`; this shell owns the socket, the timer and the requests that wait for an answer.
 */

import type { ClientFrame, HubFrame, Role } from "../wire.ts";
import { BACK_OFF, type BackOff } from "./back-off.ts";
import { FALLS_ASLEEP } from "./close-codes.ts";
import { beginning, deadline, type Link, type LinkEvent, next } from "./link.ts";

/** What a browser reports when the other side did not close; here, when its answer is not waited for. */
const CLOSED_WITHOUT_A_WORD = 1006;
export const SUBPROTOCOL = "presence.v1.json";

/** What the connection needs of the world; tests bring their own. */
export interface World {
  open(url: string): WebSocket;
  now(): number;
  random(): number;
}

export const BROWSER: World = {
  open: (url) => new WebSocket(url, SUBPROTOCOL),
  now: () => performance.now(),
  random: () => Math.random(),
};

export interface Watcher {
  /** Every frame but the answers to requests. */
  heard(frame: HubFrame): void;
  /** The connection's state has changed. */
  linked(link: Link): void;
}

/** A request that the hub refused, or of which nobody knows whether it was done. */
export class RequestFailed extends Error {
  /** The hub's, or `not_connected` or `outcome_unknown`. */
  readonly code: string;
  /** The hub's own sentence; undefined when the hub said nothing. */
  readonly said: string | undefined;

  constructor(code: string, said?: string) {
    super(said ?? code);
    this.code = code;
    this.said = said;
  }
}

interface Waiting {
  answered(result: unknown): void;
  failed(error: RequestFailed): void;
}

/** Where this page's hub listens for the given role. */
export function socketAddress(role: Role): string {
  const url = new URL(`ws?roles=${role}`, location.href);
  // A frozen agent's page would keep its agent available: the browser answers pings for it.
  if (role === "agent") url.searchParams.set("heartbeats", "answered");
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function byHand(url: string): string {
  const address = new URL(url);
  address.searchParams.set("signIn", "byHand");
  return address.href;
}

export class Connection {
  readonly #url: string;
  readonly #watcher: Watcher;
  readonly #world: World;
  readonly #policy: BackOff;
  readonly #waiting = new Map<number, Waiting>();
  /** The next socket is opened because a person asks for it. */
  #byHand = false;
  #link: Link;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(url: string, watcher: Watcher, world: World = BROWSER, policy: BackOff = BACK_OFF) {
    this.#url = url;
    this.#watcher = watcher;
    this.#world = world;
    this.#policy = policy;
    this.#link = beginning(world.now());
    this.#open();
    this.#setTimer();
  }

  get link(): Link {
    return this.#link;
  }

  /** Sends if there is a live connection; says whether it did. */
  send(frame: ClientFrame): boolean {
    if (this.#link.phase !== "live" || this.#socket === null) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Resolves with the `result` of the hub's answer. Never queued: what was clicked offline is not done later by surprise. */
  request<T>(frame: ClientFrame): Promise<T> {
    const socket = this.#socket;
    if (this.#link.phase !== "live" || socket === null) {
      return Promise.reject(new RequestFailed("not_connected"));
    }
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { answered: (result) => resolve(result as T), failed: reject });
      socket.send(JSON.stringify({ ...frame, id }));
    });
  }

  /** Tries now instead of at the end of the wait. */
  hurry(): void {
    this.#step({ type: "hurried", now: this.#world.now() });
  }

  /** A person asks to be here again: what a supervisor ended is not begun again by a page on its own. */
  returnByHand(): void {
    this.#byHand = true;
    this.hurry();
  }

  /** The browser freezes this page: nobody can answer here, so the hub is told before it has to find out. */
  fallAsleep(): void {
    if (this.#socket === null) return;
    this.#socket.close(FALLS_ASLEEP);
    this.#closed(CLOSED_WITHOUT_A_WORD, "");
  }

  /**
   * Opens a second socket, with the credentials that the cookie holds by now, and closes the first
   * only once the hub has welcomed the second: an agent is never without a session in between.
   */
  renew(): void {
    const fresh = this.#world.open(this.#url);
    fresh.onmessage = (message) => {
      const frame = JSON.parse(String(message.data)) as HubFrame;
      // A hub that refuses says why and closes; the first socket then lives as long as it may.
      if (frame.type !== "welcome") return;
      const former = this.#socket;
      this.#listen(fresh);
      this.#forget();
      this.#hear(String(message.data));
      former?.close();
    };
  }

  #open(): void {
    this.#listen(this.#world.open(this.#byHand ? byHand(this.#url) : this.#url));
    this.#byHand = false;
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    socket.onmessage = (message) => {
      if (socket === this.#socket && typeof message.data === "string") this.#hear(message.data);
    };
    socket.onclose = (closed) => {
      if (socket === this.#socket) this.#closed(closed.code, closed.reason);
    };
  }

  #hear(text: string): void {
    const frame = JSON.parse(text) as HubFrame;
    const now = this.#world.now();
    if (frame.type === "welcome") this.#step({ type: "welcomed", now, heartbeatSeconds: frame.heartbeatSeconds });
    else this.#step({ type: "heard", now });
    if (frame.type === "heartbeat") this.send({ type: "awake" });
    if (frame.type === "restarting") this.#step({ type: "restarting", reconnectAfterMs: frame.reconnectAfterMs });
    if (!this.#answered(frame)) this.#watcher.heard(frame);
  }

  /** Whether the frame was the answer to a request of ours. */
  #answered(frame: HubFrame): boolean {
    if ((frame.type !== "result" && frame.type !== "error") || typeof frame.id !== "number") return false;
    const waiting = this.#waiting.get(frame.id);
    if (waiting === undefined) return false;
    this.#waiting.delete(frame.id);
    if (frame.type === "result") waiting.answered(frame.result);
    else waiting.failed(new RequestFailed(frame.error.code, frame.error.message));
    return true;
  }

  /** What was asked on a socket that is gone may or may not have been done. */
  #forget(): void {
    for (const waiting of this.#waiting.values()) {
      waiting.failed(new RequestFailed("outcome_unknown"));
    }
    this.#waiting.clear();
  }

  #closed(code: number, reason: string): void {
    this.#socket = null;
    this.#forget();
    this.#step({ type: "closed", now: this.#world.now(), code, reason, random: this.#world.random() });
  }

  #step(event: LinkEvent): void {
    const before = this.#link;
    const [after, act] = next(before, event, this.#policy);
    this.#link = after;
    if (act === "open") this.#open();
    if (act === "abandon") this.#abandon();
    else this.#setTimer();
    if (told(before) !== told(this.#link)) this.#watcher.linked(this.#link);
  }

  /** The socket is dead but does not know it: `close` alone might wait for the other side for a minute. */
  #abandon(): void {
    this.#socket?.close();
    this.#closed(CLOSED_WITHOUT_A_WORD, "");
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const at = deadline(this.#link);
    if (at === null) return;
    const tick = (): void => this.#step({ type: "ticked", now: this.#world.now() });
    this.#timer = setTimeout(tick, Math.max(0, at - this.#world.now()));
  }
}

/** What must differ for watchers to be told. Every frame renews `heardAt`; that alone is no news. */
function told(link: Link): string {
  switch (link.phase) {
    case "connecting":
      return `connecting ${link.attempt}`;
    case "live":
      return `live ${link.quiet} ${link.planned !== null}`;
    case "waiting":
      return `waiting ${link.retryAt}`;
    case "ended":
      return `ended ${link.code}`;
  }
}
