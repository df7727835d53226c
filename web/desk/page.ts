/** The agent's desk: the presence indicator in the navigation bar, and everything that explains it. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { answered, type AgentState, evolve, known, NOBODY, putAway } from "../client/agent.ts";
import { RequestFailed } from "../client/requests.ts";
import { LivePage } from "../live/live-page.ts";
import type { AgentPresence, ClientFrame, SetPresence } from "../wire.ts";
import { refusalBanner, wayBack } from "../look/banners.ts";
import { bar, barStyles } from "../look/bar.ts";
import { controls } from "../look/controls.ts";
import { linkWords } from "../look/link-words.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { clockTime } from "../look/time.ts";
import { noticed, refused } from "../words/contract.ts";
import { DESK, HOLD_EXPLAINED } from "../words/desk.ts";
import { PAGES } from "../words/pages.ts";
import { capacityCard, capacityStyles } from "./capacity.ts";
import { deskStyles } from "./desk-styles.ts";
import { indicator, presenceCard, type Shown } from "./indicator.ts";
import "./presence-dialog.ts";
import type { PresenceDialog } from "./presence-dialog.ts";
import { beforeReload } from "../client/reload.ts";

class PresenceDesk extends LitElement {
  readonly #live = new LivePage(this, "agent", {
    heard: (frame) => this.#hold(evolve(this.#agent, frame, this.#live.now)),
  });
  #agent: AgentState = NOBODY;
  #leave: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = beforeReload(() => this.#live.send({ type: "refreshing" }));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  #hold(agent: AgentState): void {
    this.#agent = agent;
    this.requestUpdate();
  }

  /** The sentence that explains a refusal, or null when it is done. */
  async #ask(frame: ClientFrame): Promise<string | null> {
    try {
      const agent = await this.#live.request<AgentPresence | Record<string, never>>(frame);
      if ("agentId" in agent) this.#hold(answered(this.#agent, agent as AgentPresence));
      return null;
    } catch (error) {
      if (error instanceof RequestFailed) return refused(error.code, error.said);
      throw error;
    }
  }

  async #reset(): Promise<void> {
    this.#live.refusal = await this.#ask({ type: "resetPresence" });
  }

  /** The frame ends the agent's sessions in all windows, HTTP this browser's cookie; either may already be gone. */
  async #signOut(): Promise<void> {
    if (this.#live.link.phase === "live") await this.#ask({ type: "signOut" });
    await this.#live.signOut();
  }

  override render(): TemplateResult {
    const agent = known(this.#agent, this.#live.link);
    const shown: Shown = agent === null ? { known: false } : { known: true, agent, now: this.#live.now ?? 0 };
    const dialog = (): PresenceDialog | null => this.renderRoot.querySelector("presence-dialog");
    return html`
      ${bar(
        PAGES.desk,
        this.#live.link,
        html`${indicator(shown, () => void dialog()?.open())}
          <button @click=${() => void this.#signOut()}>${PAGES.signOut}</button>`,
      )}
      <main>
        <h1 class="unseen">${PAGES.desk}</h1>
        ${this.#linkBanner()} ${agent === null ? nothing : this.#holdBanner(agent)} ${this.#expiryBanner()}
        ${refusalBanner(this.#live.refusal)}
        ${this.#notices()}
        <div class="cards">${presenceCard(shown)} ${agent === null ? nothing : capacityCard(agent.capacity)}</div>
      </main>
      <presence-dialog
        .options=${this.#agent.options}
        .current=${agent?.presence.presenceId ?? null}
        .serverNow=${() => this.#live.now ?? 0}
        .choose=${(choice: SetPresence) => this.#ask({ type: "setPresence", ...choice })}
      ></presence-dialog>
    `;
  }

  #notices(): TemplateResult {
    return html`
      <div role="status" aria-label=${DESK.notices} class="notices">
        ${this.#agent.notices.map(
          (notice) => html`
            <p class="banner"><span class="grow">${noticed(notice)}</span>
            <button class="quiet" @click=${() => this.#hold(putAway(this.#agent, notice))}>${DESK.dismiss}</button></p>`,
        )}
      </div>`;
  }

  #linkBanner(): TemplateResult | typeof nothing {
    const { long, mood } = linkWords(this.#live.link);
    if (long === null) return nothing;
    return html`
      <div class="banner ${mood === "bad" ? "danger" : "warning"}">
        <span class="grow">${DESK.notConnected(long)}</span>
        ${wayBack(this.#live.link, this.#live.hurry)}
      </div>`;
  }

  #holdBanner(agent: AgentPresence): TemplateResult | typeof nothing {
    if (agent.hold === null) return nothing;
    return html`
      <div class="banner warning">
        <span class="grow">${HOLD_EXPLAINED[agent.hold]}</span>
        <button class="primary" @click=${() => void this.#reset()}>${DESK.resetPresence}</button>
      </div>`;
  }

  #expiryBanner(): TemplateResult | typeof nothing {
    const at = this.#agent.tokenExpiresAt;
    if (at === null || this.#live.link.phase !== "live") return nothing;
    return html`
      <p class="banner warning">
        <span class="grow">${DESK.signInEnds(clockTime(at))}</span>
        <a class="button" href="./" target="_blank">${PAGES.signInAgain}</a>
      </p>`;
  }

  static override styles = [controls, barStyles, presenceIconStyles, capacityStyles, deskStyles];
}

customElements.define("presence-desk", PresenceDesk);
