/** The agent's desk: what others see of the person who sits at it, and how full their hands are. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Notice } from "../client/agent.ts";
import type { AgentClient } from "../client/presence.ts";
import { RequestFailed } from "../client/requests.ts";
import { PresenceIndicator } from "../indicator/element.ts";
import { type Shown, shown } from "../indicator/shown.ts";
import { AgentPage } from "../live/agent-page.ts";
import { PEOPLE } from "../live/people.ts";
import { refusalBanner, wayBack } from "../look/banners.ts";
import { bar, barStyles } from "../look/bar.ts";
import { controls } from "../look/controls.ts";
import { linkWords } from "../look/link-words.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { timelineStyles } from "../look/timeline.ts";
import type { AgentPresence } from "../wire.ts";
import { refused } from "../words/contract.ts";
import { DESK, TODAY } from "../words/desk.ts";
import { INDICATOR, noticeText } from "../words/indicator.ts";
import { LANGUAGE } from "../words/language.ts";
import { moment } from "../words/moment.ts";
import { PAGES } from "../words/pages.ts";
import { alertsCard, Teller } from "./alerts-card.ts";
import { capacityCard, capacityStyles } from "./capacity.ts";
import { deskStyles } from "./desk-styles.ts";
import "./my-plan.ts";
import "./my-record.ts";
import { presenceCard } from "./presence-card.ts";
import { Records } from "./records.ts";
import { showInTheTab } from "./tab.ts";
import { todayCard } from "./today.ts";
import { workCard, workStyles } from "./work.ts";

document.documentElement.lang = LANGUAGE;

class PresenceDesk extends LitElement {
  readonly #live = new AgentPage(this, (client) => this.#follow(client));
  readonly #records = new Records(() => this.requestUpdate());
  readonly #teller = new Teller(() => this.requestUpdate());

  #follow(client: AgentClient): void {
    const now = shown(client);
    showInTheTab(now);
    this.#teller.sees({ shown: now, notices: client.state.notices });
    const { agent } = client;
    if (agent !== null && client.now !== null) void this.#records.follow(agent.agentId, agent.version, client.now);
  }

  async #reset(): Promise<void> {
    try {
      await this.#live.client?.resetPresence();
      this.#live.refusal = null;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      this.#live.refusal = refused(error.code, error.said);
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { client } = this.#live;
    if (client === null) return nothing;
    const { agent, link, state } = client;
    const now = shown(client);
    return html`
      ${bar(
        PAGES.desk,
        link,
        html`<presence-indicator quiet .client=${client}></presence-indicator>
          ${agent === null ? nothing : html`<span class="wide">${agent.name}</span>`}
          <button @click=${() => void this.#live.signOut()}>${PAGES.signOut}</button>`,
      )}
      <main>
        <h1 class="unseen">${PAGES.desk}</h1>
        ${this.#linkBanner()} ${this.#holdBanner(now)} ${this.#expiryBanner()}
        ${refusalBanner(this.#live.refusal)}
        <div role="status" aria-label=${INDICATOR.notices} class="notices">
          ${state.notices.map((notice) => this.#notice(notice, now.text))}
        </div>
        <div class="cards">
          ${presenceCard(now, agent)} ${agent === null ? nothing : this.#work(agent, client.now ?? 0)}
          ${agent === null ? nothing : html`<my-plan .agentId=${agent.agentId} .now=${client.now ?? 0}></my-plan>`}
          ${alertsCard(this.#teller)} ${agent === null ? nothing : this.#day(client.now ?? 0)}
          ${agent === null ? nothing : html`<my-record .agentId=${agent.agentId} .version=${agent.version} .now=${client.now ?? 0}></my-record>`}
        </div>
      </main>
    `;
  }

  #work(agent: AgentPresence, now: number): TemplateResult {
    const { recorded } = this.#records;
    return html`${recorded.state === "read" ? workCard(recorded.items, now) : nothing} ${capacityCard(agent.capacity)}`;
  }

  #day(now: number): TemplateResult | typeof nothing {
    const { recorded } = this.#records;
    if (recorded.state === "failed") return html`<p class="banner warning">${TODAY.failed(recorded.why)}</p>`;
    return recorded.state === "read" ? todayCard(recorded.day, this.#live.client?.state.options ?? [], now) : nothing;
  }

  #notice(notice: Notice, status: string): TemplateResult | typeof nothing {
    const { actor } = notice;
    const text = noticeText(actor === undefined ? notice : { ...notice, actor: PEOPLE.called(actor) }, status);
    const at = notice.at;
    if (text === null) return nothing;
    return html`
      <p class="banner"><span class="grow">${at === null ? text : DESK.at(moment(at, this.#live.client?.now ?? at), text)}</span>
        <button class="quiet" @click=${() => this.#live.client?.putAway(notice)}>${INDICATOR.dismiss}</button></p>`;
  }

  #linkBanner(): TemplateResult | typeof nothing {
    const { client } = this.#live;
    if (client === null) return nothing;
    const { long } = linkWords(client.link);
    if (long === null) return nothing;
    return html`
      <div class="banner ${client.link.phase === "ended" ? "danger" : "warning"}">
        <span class="grow">${DESK.notConnected(long)}</span>
        ${wayBack(client.link, client.hurry)}
      </div>`;
  }

  #holdBanner(now: Shown): TemplateResult | typeof nothing {
    if (!now.known || now.hold === null) return nothing;
    return html`
      <div class="banner warning">
        <span class="grow">${now.facts[0]} ${INDICATOR.held}</span>
        <button class="primary" @click=${() => void this.#reset()}>${INDICATOR.reset}</button>
      </div>`;
  }

  #expiryBanner(): TemplateResult | typeof nothing {
    const { client } = this.#live;
    const at = client?.state.tokenExpiresAt ?? null;
    if (client === null || at === null || client.link.phase !== "live") return nothing;
    return html`
      <p class="banner warning">
        <span class="grow">${DESK.signInEnds(moment(at, client.now ?? Date.parse(at)))}</span>
        <a class="button" href="./" target="_blank">${PAGES.signInAgain}</a>
      </p>`;
  }

  static override styles = [
    controls,
    barStyles,
    presenceIconStyles,
    capacityStyles,
    timelineStyles,
    workStyles,
    deskStyles,
  ];
}

customElements.define("presence-indicator", PresenceIndicator);
customElements.define("presence-desk", PresenceDesk);
