/** The agent's desk: the presence indicator in the navigation bar, and everything that explains it. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { answered, type AgentState, evolve, known, NOBODY, putAway } from "../client/agent.ts";
import { Connection, RequestFailed, socketAddress } from "../client/connection.ts";
import { beginning, type Link } from "../client/link.ts";
import { renew } from "../client/renewal.ts";
import { ServerClock } from "../client/server-clock.ts";
import { signOut } from "../client/session.ts";
import { returnIfSignedInAgain, wakeWithTheWorld } from "../client/waking.ts";
import type { AgentPresence, ClientFrame, HubFrame, SetPresence } from "../generated/wire.ts";
import { bar, barStyles } from "../look/bar.ts";
import { controls } from "../look/controls.ts";
import { linkWords } from "../look/link-words.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { clockTime } from "../look/time.ts";
import { HOLD_EXPLAINED, noticed, refused } from "../look/words.ts";
import { capacityCard, capacityStyles } from "./capacity.ts";
import { deskStyles } from "./desk-styles.ts";
import { indicator, presenceCard, type Shown } from "./indicator.ts";
import "./presence-dialog.ts";
import type { PresenceDialog } from "./presence-dialog.ts";
import { beforeReload } from "./reload.ts";

const SECOND = 1000;

class PresenceDesk extends LitElement {
  static override properties = { agent: { state: true }, link: { state: true }, refusal: { state: true } };
  declare private agent: AgentState;
  declare private link: Link;
  declare private refusal: string | null;
  readonly #clock = new ServerClock();
  #connection: Connection | null = null;
  #leaving: (() => void)[] = [];

  constructor() {
    super();
    this.agent = NOBODY;
    this.link = beginning(performance.now());
    this.refusal = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const connection = new Connection(socketAddress("agent"), {
      heard: (frame) => this.hear(frame),
      linked: (link) => {
        // Only after a connection that lived: a hub that refuses at the door would be asked for ever.
        const lived = this.link.phase === "live";
        this.link = link;
        if (lived) void returnIfSignedInAgain(connection);
      },
    });
    this.#connection = connection;
    const ticking = setInterval(() => this.requestUpdate(), SECOND);
    this.#leaving = [
      beforeReload(() => connection.send({ type: "refreshing" })),
      wakeWithTheWorld(connection),
      () => clearInterval(ticking),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const leave of this.#leaving) leave();
  }

  private hear(frame: HubFrame): void {
    if (frame.type === "welcome" || frame.type === "heartbeat") this.#clock.hear(frame.serverTime);
    if (frame.type === "welcome") this.refusal = null;
    // A refusal at the door is told by the close code that follows it.
    if (frame.type === "error" && this.link.phase === "live") this.refusal = refused(frame.error.code, frame.error.message);
    this.agent = evolve(this.agent, frame);
    if (frame.type === "tokenExpiring" && this.#connection !== null) void renew(this.#connection);
  }

  /** The sentence that explains a refusal, or null when it is done. */
  private async ask(frame: ClientFrame): Promise<string | null> {
    try {
      const agent = await this.#connection?.request<AgentPresence | Record<string, never>>(frame);
      if (agent !== undefined && "agentId" in agent) this.agent = answered(this.agent, agent as AgentPresence);
      return null;
    } catch (error) {
      if (error instanceof RequestFailed) return refused(error.code, error.message);
      throw error;
    }
  }

  private async reset(): Promise<void> {
    this.refusal = await this.ask({ type: "resetPresence" });
  }

  /** The agent's sessions end by the frame, this browser's cookie by HTTP; either may already be gone. */
  private async leave(): Promise<void> {
    if (this.link.phase === "live") await this.ask({ type: "signOut" });
    try {
      await signOut();
      location.assign("/");
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
    }
  }

  override render(): TemplateResult {
    const agent = known(this.agent, this.link);
    const shown: Shown = agent === null ? { known: false } : { known: true, agent, now: this.#clock.now() ?? 0 };
    const dialog = (): PresenceDialog | null => this.renderRoot.querySelector("presence-dialog");
    return html`
      ${bar(
        "Agent desk",
        this.link,
        html`${indicator(shown, () => void dialog()?.open())}
          <button @click=${() => void this.leave()}>Sign out</button>`,
      )}
      <main>
        <h1 class="unseen">Agent desk</h1>
        ${this.linkBanner()} ${agent === null ? nothing : this.holdBanner(agent)} ${this.expiryBanner()}
        <div role="alert">${this.refusal === null ? nothing : html`<p class="banner danger">${this.refusal}</p>`}</div>
        <div role="status" aria-label="Notices" class="notices">
          ${this.agent.notices.map(
            (notice) => html`
              <p class="banner"><span class="grow">${noticed(notice)}</span>
              <button class="quiet" @click=${() => (this.agent = putAway(this.agent, notice))}>Dismiss</button></p>`,
          )}
        </div>
        <div class="cards">
          ${presenceCard(shown)} ${agent === null ? nothing : capacityCard(agent.capacity)}
        </div>
      </main>
      <presence-dialog
        .options=${this.agent.options}
        .current=${agent?.presence.presenceId ?? null}
        .serverNow=${() => this.#clock.now() ?? 0}
        .choose=${(choice: SetPresence) => this.ask({ type: "setPresence", ...choice })}
      ></presence-dialog>
    `;
  }

  private linkBanner(): TemplateResult | typeof nothing {
    const { long, mood } = linkWords(this.link);
    if (long === null) return nothing;
    return html`
      <div class="banner ${mood === "bad" ? "danger" : "warning"}">
        <span class="grow">${long} Your presence is not known while this page is not connected.</span>
        ${this.wayBack()}
      </div>`;
  }

  private wayBack(): TemplateResult | typeof nothing {
    const again = (label: string): TemplateResult => html`<button @click=${() => this.#connection?.hurry()}>${label}</button>`;
    switch (this.link.phase) {
      case "waiting":
        return again("Reconnect now");
      case "ended":
        return this.link.code === 4401 || this.link.code === 4403
          ? html`<a class="button" href="/">Go to sign-in</a>`
          : again(this.link.code === 4410 ? "Sign in again" : "Try again");
      case "connecting":
      case "live":
        return nothing;
    }
  }

  private holdBanner(agent: AgentPresence): TemplateResult | typeof nothing {
    if (agent.hold === null) return nothing;
    return html`
      <div class="banner warning">
        <span class="grow">${HOLD_EXPLAINED[agent.hold]}</span>
        <button class="primary" @click=${() => void this.reset()}>Reset presence</button>
      </div>`;
  }

  private expiryBanner(): TemplateResult | typeof nothing {
    const at = this.agent.tokenExpiresAt;
    if (at === null || this.link.phase !== "live") return nothing;
    return html`<p class="banner warning"><span class="grow">Your sign-in ends at ${clockTime(at)}.</span><a class="button" href="/" target="_blank">Sign in again</a></p>`;
  }

  static override styles = [controls, barStyles, presenceIconStyles, capacityStyles, deskStyles];
}

customElements.define("presence-desk", PresenceDesk);
