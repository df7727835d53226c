/** A live view of many agents, for supervisors and work systems. It goes on where it was after a lost connection. */

import type { Role, WatchResult } from "../wire.ts";
import { INFLATING_BROWSER } from "./inflating.ts";
import type { Link } from "./link.ts";
import { Live, type Options } from "./live.ts";
import type { Roster } from "./roster.ts";
import { type Scope, Watched, type Watcher } from "./watched.ts";

export type WatchOptions = Options &
  Scope & { readonly role: Extract<Role, "supervisor" | "observer" | "integration"> };

export class Watch {
  readonly #watched: Watched;
  readonly #live: Live;

  constructor(options: WatchOptions, watcher: Watcher) {
    this.#watched = new Watched(options, (frame) => this.#live.request<WatchResult>(frame), watcher);
    const { role, world = INFLATING_BROWSER } = options;
    this.#live = new Live(
      role,
      { ...options, world },
      {
        heard: (frame) => this.#watched.heard(frame),
        linked: (link) => {
          this.#watched.linked(link);
          // Whatever the connection does, whoever watches may tell of it.
          watcher.changed({ type: "surroundings" });
        },
      },
    );
  }

  get roster(): Roster {
    return this.#watched.roster;
  }

  get link(): Link {
    return this.#live.link;
  }

  /** The addresses of the hubs, the one in use first. */
  get hubs(): readonly string[] {
    return this.#live.hubs;
  }

  get now(): number | null {
    return this.#live.now;
  }

  leave(): void {
    this.#live.leave();
  }
}
