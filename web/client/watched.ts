/** What one watch holds, over whatever connection: it begins with each welcome, and goes on where it was. */

import type { ClientFrame, Filter, HubFrame, Include, WatchResult } from "../wire.ts";
import type { Link } from "./link.ts";
import { RequestFailed } from "./requests.ts";
import { apply, disconnected, emptyRoster, resumeFrom, type Roster, type RosterChange, watching } from "./roster.ts";

/** Whom the hub is asked for, and what of them. */
export interface Scope {
  readonly filter?: Filter;
  readonly include?: Include[];
}

export interface Watcher {
  /** What is held, or how far it can be believed, has changed. */
  changed(change: RosterChange): void;
  /** The hub did not take the watch. */
  refused?(why: RequestFailed): void;
}

type Request = (frame: ClientFrame) => Promise<WatchResult>;

export class Watched {
  readonly roster: Roster = emptyRoster();
  readonly #scope: Scope;
  readonly #request: Request;
  readonly #watcher: Watcher;

  constructor(scope: Scope, request: Request, watcher: Watcher) {
    this.#scope = scope;
    this.#request = request;
    this.#watcher = watcher;
  }

  heard(frame: HubFrame): void {
    if (frame.type === "welcome") {
      // Another socket has no watch yet, also where the one before still lives.
      this.#change(disconnected(this.roster));
      void this.#begin();
    }
    this.#change(apply(this.roster, frame));
  }

  linked({ phase }: Link): void {
    if (phase !== "live") this.#change(disconnected(this.roster));
  }

  async #begin(): Promise<void> {
    const { filter = {}, include = [] } = this.#scope;
    const since = resumeFrom(this.roster);
    try {
      const asked = { type: "watch", filter, include, ...(since === undefined ? {} : { since }) } as const;
      this.#change(watching(this.roster, await this.#request(asked)));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.code !== "outcome_unknown") this.#watcher.refused?.(error);
    }
  }

  #change(change: RosterChange): void {
    if (change.type !== "nothing") this.#watcher.changed(change);
  }
}
