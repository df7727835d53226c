/**
 * What everything live does alike, whatever it shows: it connects in a role, comes back by itself,
 * keeps the hub's time, renews its credentials, and wakes and sleeps with its browser.
 */

import type { ClientFrame, HubFrame, Role } from "../wire.ts";
import { places } from "./address.ts";
import { BACK_OFF, type BackOff } from "./back-off.ts";
import { listenToTheBrowser } from "./browser.ts";
import { mayReturn } from "./close-codes.ts";
import { BROWSER, Connection, type Watcher, type World } from "./connection.ts";
import { byCookie, type Credentials } from "./credentials.ts";
import type { Link } from "./link.ts";
import { ServerClock } from "./server-clock.ts";

/** One hub, or several of one cluster. */
export type Hubs =
  /** The address of the hub, with the path that it is served below: `https://presence.example.com/`. */
  | { readonly hub: string; readonly hubs?: never }
  /** One of them is used, which one is chance; the others are tried when it is gone. */
  | { readonly hubs: readonly string[]; readonly hub?: never };

export type Options = Hubs & Surroundings;

export interface Surroundings {
  readonly credentials?: Credentials;
  readonly policy?: BackOff;
  readonly world?: World;
  /** Whether credentials that ended are there again, for example from another tab that shares the cookie. */
  readonly signedInAgain?: () => Promise<boolean>;
}

export class Live {
  readonly #connection: Connection;
  readonly #watcher: Watcher;
  readonly #clock = new ServerClock();
  readonly #signedInAgain: () => Promise<boolean>;
  readonly #stopListening: () => void;
  #lived = false;

  constructor(role: Role, options: Options, watcher: Watcher) {
    const { credentials = byCookie(), policy = BACK_OFF, world = BROWSER } = options;
    this.#watcher = watcher;
    // What is fetched is there whenever somebody asks for it.
    this.#signedInAgain = options.signedInAgain ?? (() => Promise.resolve(credentials.type === "fetched"));
    this.#connection = new Connection(
      { places: places(options.hubs ?? [options.hub], role, world), credentials },
      { heard: (frame) => void this.#heard(frame), linked: (link) => this.#linked(link) },
      world,
      policy,
    );
    this.#stopListening = listenToTheBrowser(this.#connection, () => void this.#returnIfSignedInAgain());
  }

  get link(): Link {
    return this.#connection.link;
  }

  /** The addresses of the hubs, the one in use first: where to ask it over HTTP, and where next. */
  get hubs(): readonly string[] {
    return this.#connection.hubs;
  }

  /** The hub's time in milliseconds since 1970, or null before the hub said anything. */
  get now(): number | null {
    return this.#clock.now();
  }

  /** Sends if there is a live connection; says whether it did. */
  send(frame: ClientFrame): boolean {
    return this.#connection.send(frame);
  }

  /** Resolves with the `result` of the hub's answer, or fails with a `RequestFailed`. */
  request<T>(frame: ClientFrame): Promise<T> {
    return this.#connection.request<T>(frame);
  }

  /** Somebody asks to be connected now: before the end of the wait, or although they were signed out. */
  readonly hurry = (): void => this.#connection.returnByHand();

  leave(): void {
    this.#stopListening();
    this.#connection.leave();
  }

  async #heard(frame: HubFrame): Promise<void> {
    if (frame.type === "welcome" || frame.type === "heartbeat") this.#clock.hear(frame.serverTime);
    // The watcher is told only if the credentials do end.
    if (frame.type === "tokenExpiring" && (await this.#connection.renew(frame.expiresAt).catch(() => false))) return;
    this.#watcher.heard(frame);
  }

  #linked(link: Link): void {
    const lived = this.#lived;
    this.#lived = link.phase === "live";
    this.#watcher.linked(link);
    // Only after a connection that lived: a hub that refuses at the door would be asked for ever.
    if (lived) void this.#returnIfSignedInAgain();
  }

  /** Anything else that ended a connection is for a person to decide. */
  async #returnIfSignedInAgain(): Promise<void> {
    const { link } = this.#connection;
    if (link.phase !== "ended" || mayReturn(link.code) !== "renew") return;
    const again = await this.#signedInAgain().catch(() => false);
    if (again && this.#connection.link === link) this.#connection.hurry();
  }
}
