/**
 * What every live page does alike, whatever it shows: it connects in a role, comes back by itself,
 * keeps the hub's time, renews credentials, wakes and sleeps with its browser, and signs out.
 */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ClientFrame, HubFrame, Role } from "../wire.ts";
import { refused } from "../words/contract.ts";
import { PAGES } from "../words/pages.ts";
import { Connection, RequestFailed, socketAddress } from "./connection.ts";
import { beginning, type Link } from "./link.ts";
import { renew } from "./renewal.ts";
import { ServerClock } from "./server-clock.ts";
import { explain, signOut } from "./session.ts";
import { returnIfSignedInAgain, wakeWithTheWorld } from "./waking.ts";

/** What the page itself makes of the connection. */
export interface Listener {
  /** Every frame but the answers to requests. */
  heard(frame: HubFrame): void;
  linked?(link: Link): void;
}

/** Stopwatches go on while nothing else happens. */
const REDRAWN_EVERY_MS = 1000;

/** A Lit controller: its page is drawn again whenever something here changes, and each second. */
export class LivePage implements ReactiveController {
  readonly #page: ReactiveControllerHost;
  readonly #role: Role;
  readonly #listener: Listener;
  readonly #clock = new ServerClock();
  #connection: Connection | null = null;
  #link: Link = beginning(performance.now());
  #refusal: string | null = null;
  #leave: (() => void) | null = null;

  constructor(page: ReactiveControllerHost, role: Role, listener: Listener) {
    this.#page = page;
    this.#role = role;
    this.#listener = listener;
    page.addController(this);
  }

  get link(): Link {
    return this.#link;
  }

  /** Why the hub did not do what was asked of it last; null when it did. */
  get refusal(): string | null {
    return this.#refusal;
  }

  set refusal(refusal: string | null) {
    this.#refusal = refusal;
    this.#page.requestUpdate();
  }

  /** The hub's time in milliseconds since 1970, or null before the hub said anything. */
  get now(): number | null {
    return this.#clock.now();
  }

  hostConnected(): void {
    const connection = new Connection(socketAddress(this.#role), {
      heard: (frame) => this.#heard(frame, connection),
      linked: (link) => this.#linked(link, connection),
    });
    this.#connection = connection;
    const stopWaking = wakeWithTheWorld(connection);
    const redrawing = setInterval(() => this.#page.requestUpdate(), REDRAWN_EVERY_MS);
    this.#leave = () => {
      stopWaking();
      clearInterval(redrawing);
    };
  }

  hostDisconnected(): void {
    this.#leave?.();
  }

  /** Sends if there is a live connection; says whether it did. */
  send(frame: ClientFrame): boolean {
    return this.#connection?.send(frame) ?? false;
  }

  /** Resolves with the `result` of the hub's answer, or fails with a `RequestFailed`. */
  request<T>(frame: ClientFrame): Promise<T> {
    return this.#connection?.request<T>(frame) ?? Promise.reject(new RequestFailed("not_connected"));
  }

  /** Somebody asks to be connected now: before the end of the wait, or although they were signed out. */
  readonly hurry = (): void => this.#connection?.returnByHand();

  /** Ends this browser's cookie, and with it every page that uses it. */
  async signOut(): Promise<void> {
    try {
      location.assign(await signOut());
    } catch (error) {
      this.refusal = PAGES.notSignedOut(explain(error));
    }
  }

  #heard(frame: HubFrame, connection: Connection): void {
    if (frame.type === "welcome" || frame.type === "heartbeat") this.#clock.hear(frame.serverTime);
    if (frame.type === "welcome") this.refusal = null;
    if (frame.type === "tokenExpiring") {
      void this.#renew(frame, connection);
      return;
    }
    // A refusal at the door is told by the close code that follows it.
    if (frame.type === "error" && this.#link.phase === "live")
      this.refusal = refused(frame.error.code, frame.error.message);
    this.#listener.heard(frame);
  }

  /** The page is told only if its credentials do end. */
  async #renew(frame: Extract<HubFrame, { type: "tokenExpiring" }>, connection: Connection): Promise<void> {
    if (!(await renew(connection, frame.expiresAt))) this.#listener.heard(frame);
  }

  #linked(link: Link, connection: Connection): void {
    const lived = this.#link.phase === "live";
    this.#link = link;
    this.#page.requestUpdate();
    this.#listener.linked?.(link);
    // Only after a connection that lived: a hub that refuses at the door would be asked for ever.
    if (lived) void returnIfSignedInAgain(connection);
  }
}
