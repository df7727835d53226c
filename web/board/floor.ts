/** The floor as the hub tells it: a watch over everybody whom the person may see, kept up to date. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { RequestFailed } from "../client/requests.ts";
import { LivePage } from "../live/live-page.ts";
import {
  apply,
  disconnected,
  emptyRoster,
  resumeFrom,
  type Roster,
  type RosterChange,
  watching,
} from "../client/roster.ts";
import type { HubFrame, Role, WatchResult } from "../wire.ts";
import { refused } from "../words/contract.ts";
import { freshness, type Freshness } from "./freshness.ts";

/** Who observes opens the same board, and changes nothing. */
export function roleAsked(): Role {
  return new URLSearchParams(location.search).get("role") === "observer" ? "observer" : "supervisor";
}

export class Floor implements ReactiveController {
  readonly roster: Roster = emptyRoster();
  readonly live: LivePage;
  readonly #changed: (change: RosterChange) => void;
  /** The hub's time when what is held was last known to be true. */
  #currentAt: number | null = null;

  constructor(page: ReactiveControllerHost, role: Role, changed: (change: RosterChange) => void) {
    this.#changed = changed;
    this.live = new LivePage(page, role, {
      heard: (frame) => this.#hear(frame),
      linked: ({ phase }) => {
        if (phase === "waiting" || phase === "ended") this.#change(disconnected(this.roster));
      },
    });
    page.addController(this);
  }

  /** The page is drawn again by the connection; nothing more begins or ends with it. */
  hostUpdate(): void {
    if (this.roster.currency === "current" && this.fresh.kind === "live") this.#currentAt = this.live.now;
  }

  get fresh(): Freshness {
    return freshness(this.live.link, this.roster.currency, this.#currentAt);
  }

  /** The hub's time that what is held is of; null before anything was held. */
  get asOf(): number | null {
    return this.#currentAt;
  }

  #hear(frame: HubFrame): void {
    if (frame.type === "welcome") {
      this.#change(disconnected(this.roster));
      void this.#watch();
    }
    this.#change(apply(this.roster, frame));
    if (this.roster.currency === "current") this.#currentAt = this.live.now;
  }

  async #watch(): Promise<void> {
    const since = resumeFrom(this.roster);
    try {
      const result = await this.live.request<WatchResult>({
        type: "watch",
        filter: {},
        include: ["capacity", "record"],
        ...(since === undefined ? {} : { since }),
      });
      this.#change(watching(this.roster, result));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.code !== "outcome_unknown") this.live.refusal = refused(error.code, error.said);
    }
  }

  #change(change: RosterChange): void {
    if (change.type !== "nothing") this.#changed(change);
  }
}
