/**
 * The one connection of a page: a WebSocket that comes back by itself. All decisions are in
 * `link.ts`; this shell owns the sockets and the timer.
 */

import type { ClientFrame, FrameError, HubFrame, TokenRenewed } from "../wire.ts";
import { byHand, type Place, type Places, SUBPROTOCOL } from "./address.ts";
import { BACK_OFF, type BackOff } from "./back-off.ts";
import { ASLEEP, FALLS_ASLEEP, NO_CREDENTIALS, NO_NETWORK, UNAUTHENTICATED } from "./close-codes.ts";
import { type Credentials, renewal } from "./credentials.ts";
import { beginning, deadline, type Link, type LinkEvent, next } from "./link.ts";
import { RequestFailed, Requests } from "./requests.ts";

/** What a browser reports when the other side did not close; here, when its answer is not waited for. */
const CLOSED_WITHOUT_A_WORD = 1006;

/** What the connection needs of a `WebSocket`. */
export interface Socket {
  /** Frames are text; whoever asks for other messages as well says as what they come. */
  binaryType?: BinaryType;
  onmessage: ((message: MessageEvent) => unknown) | null;
  onclose: ((closed: CloseEvent) => unknown) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** What the connection needs of the world; tests bring their own. */
export interface World {
  open(url: string, protocols: readonly string[]): Socket;
  now(): number;
  random(): number;
  /** `gone` is certain, `there` is not. */
  network(): "there" | "gone";
}

export const BROWSER: World = {
  open: (url, protocols) => new WebSocket(url, [...protocols]),
  now: () => performance.now(),
  random: () => Math.random(),
  network: () => (typeof navigator === "undefined" || navigator.onLine ? "there" : "gone"),
};

/** Where hubs listen, any of which will do, and who comes. */
export interface Target {
  /** In the order in which they are tried. */
  readonly places: Places;
  readonly credentials: Credentials;
}

export interface Watcher {
  /** Every frame but the answers to requests. */
  heard(frame: HubFrame): void;
  /** The connection's state has changed. */
  linked(link: Link): void;
}

export class Connection {
  readonly #credentials: Credentials;
  /** The one in use first, then those that are tried next. */
  readonly #places: [Place, ...Place[]];
  readonly #watcher: Watcher;
  readonly #world: World;
  readonly #policy: BackOff;
  readonly #requests = new Requests();
  /** What is opened now, at whichever hub, is opened because a person asks for it. */
  #byHand = false;
  #link: Link;
  #socket: Socket | null = null;
  /** Who waits for credentials with which to open the next socket; another one than before is too late. */
  #opening: object | null = null;
  /** A second socket, which takes the place of the first once it is welcomed. */
  #successor: Socket | null = null;
  /** The token or ticket that was fetched last. */
  #shown: string | null = null;
  /** What the hub said before it closes. */
  #refusal: FrameError | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(target: Target, watcher: Watcher, world: World = BROWSER, policy: BackOff = BACK_OFF) {
    this.#places = [...target.places];
    this.#credentials = target.credentials;
    this.#watcher = watcher;
    this.#world = world;
    this.#policy = policy;
    this.#link = beginning(world.now(), this.#places.length - 1);
    this.#open();
    this.#setTimer();
  }

  get link(): Link {
    return this.#link;
  }

  get #place(): Place {
    return this.#places[0];
  }

  /** Their addresses, the one in use first. */
  get hubs(): readonly string[] {
    return this.#places.map(({ hub }) => hub);
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
    return this.#requests.ask<T>(frame, (text) => socket.send(text));
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

  losesTheNetwork(): void {
    this.#step({ type: "offline" });
  }

  findsTheNetwork(): void {
    this.#step({ type: "online", now: this.#world.now() });
  }

  /** The browser freezes this page: nobody can answer here, so the hub is told before it has to find out, and no other is asked. */
  fallAsleep(): void {
    if (this.#socket === null) return;
    this.#socket.close(FALLS_ASLEEP);
    this.#closed(ASLEEP);
  }

  /** For good. */
  leave(): void {
    const sockets = [this.#socket, this.#successor];
    this.#socket = null;
    this.#successor = null;
    this.#opening = null;
    for (const socket of sockets) socket?.close();
    this.#requests.forget();
    this.#step({ type: "left" });
  }

  /** The hub says that the credentials end. Resolves with whether they go on beyond that. */
  async renew(expiresAt: string): Promise<boolean> {
    const how = await renewal(this.#credentials, this.#place.hub, this.#shown);
    switch (how.by) {
      case "session":
      case "token": {
        const token = how.by === "token" ? { token: how.token } : {};
        const renewed = await this.request<TokenRenewed>({ type: "authenticate", ...token });
        return Date.parse(renewed.tokenExpiresAt) > Date.parse(expiresAt);
      }
      case "socket":
        return this.replace();
      case "nothing":
        return false;
    }
  }

  /**
   * Opens a second socket, with the credentials of now, and closes the first only once the hub has
   * welcomed the second: an agent is never without a session in between. Resolves with whether it has.
   */
  replace(): Promise<boolean> {
    const place = this.#place;
    return new Promise((done) => {
      const failed = (): void => done(false);
      this.#ask((protocols) => {
        if (this.#link.phase === "ended" || place !== this.#place) failed();
        else this.#succeed(this.#world.open(place.url, protocols), done);
      }, failed);
    });
  }

  #succeed(fresh: Socket, done: (welcomed: boolean) => void): void {
    this.#successor?.close();
    this.#successor = fresh;
    fresh.onclose = () => {
      if (fresh === this.#successor) this.#successor = null;
      done(false);
    };
    fresh.onmessage = (message) => {
      const frame = JSON.parse(String(message.data)) as HubFrame;
      // A hub that refuses says why and closes; the first socket then lives as long as it may.
      if (frame.type !== "welcome" || fresh !== this.#successor) return;
      const former = this.#socket;
      this.#successor = null;
      this.#opening = null;
      this.#listen(fresh);
      this.#requests.forget();
      this.#hear(String(message.data));
      former?.close();
      done(true);
    };
  }

  /** The sub-protocols to open a socket with: at once, where the browser's cookie says it all. */
  #ask(found: (protocols: readonly string[]) => void, failed: (code: number) => void): void {
    const credentials = this.#credentials;
    if (credentials.type === "cookie") {
      found([SUBPROTOCOL]);
      return;
    }
    credentials.fetch(this.#place.hub).then(
      (token) => {
        this.#shown = token;
        if (token === null) failed(UNAUTHENTICATED);
        else found([SUBPROTOCOL, `bearer.${token}`]);
      },
      () => failed(NO_CREDENTIALS),
    );
  }

  #open(): void {
    // It may be of another hub by now.
    this.#successor?.close();
    this.#successor = null;
    const opening = {};
    const url = this.#byHand ? byHand(this.#place.url) : this.#place.url;
    this.#opening = opening;
    const inTime = (): boolean => opening === this.#opening;
    this.#ask(
      (protocols) => {
        if (inTime()) this.#listen(this.#world.open(url, protocols));
      },
      (code) => {
        if (inTime()) this.#closed(code);
      },
    );
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    this.#refusal = null;
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
    if (frame.type === "error" && frame.id === undefined) this.#refusal = frame.error;
    if (!this.#requests.answer(frame)) this.#watcher.heard(frame);
  }

  #closed(code: number, reason = ""): void {
    const said = this.#link.phase === "live" ? null : this.#refusal;
    this.#socket = null;
    this.#opening = null;
    this.#requests.forget();
    this.#step({
      type: "closed",
      now: this.#world.now(),
      code: code === CLOSED_WITHOUT_A_WORD && this.#world.network() === "gone" ? NO_NETWORK : code,
      reason: said?.message ?? reason,
      refusal: said?.code ?? null,
      random: this.#world.random(),
      credentials: this.#shown === null ? "kept" : "fetched",
    });
  }

  #step(event: LinkEvent): void {
    const before = this.#link;
    const [after, act] = next(before, event, this.#policy, this.#places.length - 1);
    this.#link = after;
    if (after.phase !== "connecting") this.#byHand = false;
    if (act === "move") this.#places.push(...this.#places.splice(0, 1));
    if (act === "move" || act === "open") this.#open();
    if (act === "replace" && this.#successor === null) void this.replace();
    if (act === "abandon") this.#abandon();
    else this.#setTimer();
    if (told(before) !== told(this.#link)) this.#watcher.linked(this.#link);
  }

  /** The socket is dead but does not know it: `close` alone might wait for the other side for a minute. */
  #abandon(): void {
    this.#socket?.close();
    this.#closed(CLOSED_WITHOUT_A_WORD);
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
const NEWS = ["phase", "attempt", "code", "quiet", "planned", "retryAt"];

function told(link: Link): string {
  return JSON.stringify(link, NEWS);
}
