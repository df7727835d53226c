/** The same for a page of one agent: a Lit controller over the client of an agent. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { byCookie } from "../client/credentials.ts";
import { AgentClient } from "../client/presence.ts";
import { PAGES } from "../words/pages.ts";
import { pageRenewal } from "./renewal.ts";
import { currentSession, explain, signOut } from "./session.ts";

/** Stopwatches go on while nothing else happens. */
const REDRAWN_EVERY_MS = 1000;

export class AgentPage implements ReactiveController {
  readonly #page: ReactiveControllerHost;
  readonly #changed: (client: AgentClient) => void;
  #client: AgentClient | null = null;
  #refusal: string | null = null;
  #redrawing: ReturnType<typeof setInterval> | undefined;

  /** `changed` is called whenever what is known may differ, before the page is drawn again. */
  constructor(page: ReactiveControllerHost, changed: (client: AgentClient) => void) {
    this.#page = page;
    this.#changed = changed;
    page.addController(this);
  }

  get client(): AgentClient | null {
    return this.#client;
  }

  /** Why what was asked last was not done; null when it was. */
  get refusal(): string | null {
    return this.#refusal;
  }

  set refusal(refusal: string | null) {
    this.#refusal = refusal;
    this.#page.requestUpdate();
  }

  hostConnected(): void {
    const client = new AgentClient({
      hub: location.href,
      credentials: byCookie(pageRenewal),
      signedInAgain: async () => (await currentSession()).session !== null,
    });
    client.onChange(() => {
      this.#changed(client);
      this.#page.requestUpdate();
    });
    this.#client = client;
    this.#redrawing = setInterval(() => this.#page.requestUpdate(), REDRAWN_EVERY_MS);
  }

  hostDisconnected(): void {
    this.#client?.leave();
    clearInterval(this.#redrawing);
  }

  /**
   * The frame ends the agent's sessions in all windows, HTTP this browser's cookie; either may already be gone. Whoever
   * wants to be gone does not come back by itself, also if the hub could not be told.
   */
  async signOut(): Promise<void> {
    const client = this.#client;
    if (client?.link.phase === "live") await client.signOut().catch(() => undefined);
    client?.leave();
    try {
      location.assign(await signOut());
    } catch (error) {
      this.refusal = PAGES.notSignedOut(explain(error));
    }
  }
}
