/** The floor as the hub tells it: a watch over everybody whom the person may see, kept up to date. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { LivePage } from "../live/live-page.ts";
import type { Roster, RosterChange } from "../client/roster.ts";
import { type Scope, Watched } from "../client/watched.ts";
import type { Role } from "../wire.ts";
import { refused } from "../words/contract.ts";
import { freshness, type Freshness } from "./freshness.ts";

/** Who observes opens the same board, and changes nothing. */
export function roleAsked(): Role {
  return new URLSearchParams(location.search).get("role") === "observer" ? "observer" : "supervisor";
}

const EVERYBODY: Scope = { include: ["capacity", "record"] };

export class Floor implements ReactiveController {
  readonly live: LivePage;
  readonly #watched: Watched;
  /** The hub's time when what is held was last known to be true. */
  #currentAt: number | null = null;

  constructor(page: ReactiveControllerHost, role: Role, changed: (change: RosterChange) => void) {
    this.#watched = new Watched(EVERYBODY, (frame) => this.live.request(frame), {
      changed,
      refused: ({ code, said }) => {
        this.live.refusal = refused(code, said);
      },
    });
    this.live = new LivePage(page, role, {
      heard: (frame) => {
        this.#watched.heard(frame);
        if (this.roster.currency === "current") this.#currentAt = this.live.now;
      },
      linked: (link) => this.#watched.linked(link),
    });
    page.addController(this);
  }

  /** The page is drawn again by the connection; nothing more begins or ends with it. */
  hostUpdate(): void {
    if (this.roster.currency === "current" && this.fresh.kind === "live") this.#currentAt = this.live.now;
  }

  get roster(): Roster {
    return this.#watched.roster;
  }

  get fresh(): Freshness {
    return freshness(this.live.link, this.roster.currency, this.#currentAt);
  }

  /** The hub's time that what is held is of; null before anything was held. */
  get asOf(): number | null {
    return this.#currentAt;
  }
}
