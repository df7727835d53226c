/** A live view of many agents, for supervisors and work systems. It goes on where it was after a lost connection. */

import type { Filter, HubFrame, Include, Role, WatchResult } from "../wire.ts";
import type { Link } from "./link.ts";
import { Live, type Options } from "./live.ts";
import { RequestFailed } from "./requests.ts";
import { apply, disconnected, emptyRoster, resumeFrom, type Roster, type RosterChange, watching } from "./roster.ts";

export interface WatchOptions extends Options {
  readonly role: Extract<Role, "supervisor" | "observer" | "integration">;
  readonly filter?: Filter;
  readonly include?: Include[];
}

export interface Watcher {
  /** What is held, or how far it can be believed, has changed. */
  changed(change: RosterChange): void;
  /** The hub did not take the watch. */
  refused?(why: RequestFailed): void;
}

export class Watch {
  readonly roster: Roster = emptyRoster();
  readonly #options: WatchOptions;
  readonly #watcher: Watcher;
  readonly #live: Live;

  constructor(options: WatchOptions, watcher: Watcher) {
    this.#options = options;
    this.#watcher = watcher;
    this.#live = new Live(options.role, options, {
      heard: (frame) => this.#heard(frame),
      linked: ({ phase }) =>
        this.#watcher.changed(phase === "live" ? { type: "surroundings" } : disconnected(this.roster)),
    });
  }

  get link(): Link {
    return this.#live.link;
  }

  get now(): number | null {
    return this.#live.now;
  }

  leave(): void {
    this.#live.leave();
  }

  #heard(frame: HubFrame): void {
    if (frame.type === "welcome") void this.#begin();
    const change = apply(this.roster, frame);
    if (change.type !== "nothing") this.#watcher.changed(change);
  }

  async #begin(): Promise<void> {
    const { filter = {}, include = [] } = this.#options;
    const since = resumeFrom(this.roster);
    try {
      const asked = { type: "watch", filter, include, ...(since === undefined ? {} : { since }) } as const;
      this.#watcher.changed(watching(this.roster, await this.#live.request<WatchResult>(asked)));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.code !== "outcome_unknown") this.#watcher.refused?.(error);
    }
  }
}
