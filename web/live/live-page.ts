/**
 * What every live page does alike, whatever it shows: it is connected while it is there, is drawn
 * again when anything changes, tells what was refused, and signs out.
 */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { byCookie } from "../client/credentials.ts";
import { INFLATING_BROWSER } from "../client/inflating.ts";
import { beginning, type Link } from "../client/link.ts";
import { Live } from "../client/live.ts";
import { RequestFailed } from "../client/requests.ts";
import type { ClientFrame, HubFrame, Role } from "../wire.ts";
import { refused } from "../words/contract.ts";
import { PAGES } from "../words/pages.ts";
import { pageRenewal } from "./renewal.ts";
import { currentSession, explain, signOut } from "./session.ts";

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
  #live: Live | null = null;
  #link: Link = beginning(performance.now());
  #refusal: string | null = null;
  #redrawing: ReturnType<typeof setInterval> | undefined;

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
    return this.#live?.now ?? null;
  }

  hostConnected(): void {
    this.#live = new Live(
      this.#role,
      {
        hub: location.href,
        credentials: byCookie(pageRenewal),
        world: INFLATING_BROWSER,
        signedInAgain: async () => (await currentSession()).session !== null,
      },
      { heard: (frame) => this.#heard(frame), linked: (link) => this.#linked(link) },
    );
    this.#redrawing = setInterval(() => this.#page.requestUpdate(), REDRAWN_EVERY_MS);
  }

  hostDisconnected(): void {
    this.#live?.leave();
    clearInterval(this.#redrawing);
  }

  /** Sends if there is a live connection; says whether it did. */
  send(frame: ClientFrame): boolean {
    return this.#live?.send(frame) ?? false;
  }

  /** Resolves with the `result` of the hub's answer, or fails with a `RequestFailed`. */
  request<T>(frame: ClientFrame): Promise<T> {
    return this.#live?.request<T>(frame) ?? Promise.reject(new RequestFailed("not_connected"));
  }

  /** Somebody asks to be connected now: before the end of the wait, or although they were signed out. */
  readonly hurry = (): void => this.#live?.hurry();

  /** Ends this browser's cookie, and with it every page that uses it. */
  async signOut(): Promise<void> {
    try {
      location.assign(await signOut());
    } catch (error) {
      this.refusal = PAGES.notSignedOut(explain(error));
    }
  }

  #heard(frame: HubFrame): void {
    if (frame.type === "welcome") this.refusal = null;
    // A refusal at the door is told by the close code that follows it.
    if (frame.type === "error" && this.#link.phase === "live")
      this.refusal = refused(frame.error.code, frame.error.message);
    this.#listener.heard(frame);
  }

  #linked(link: Link): void {
    this.#link = link;
    this.#page.requestUpdate();
    this.#listener.linked?.(link);
  }
}
