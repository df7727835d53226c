/** The reports: what agents were, for planners, analysts and supervisors. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { currentSession, explain, type Person, type SessionAnswer, signInPage, signOut } from "../live/session.ts";
import { barStyles } from "../look/bar.ts";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { ownLink } from "../look/own-link.ts";
import { comingLines, failedState, stateStyles } from "../look/states.ts";
import type { Role } from "../wire.ts";
import { LANGUAGE } from "../words/language.ts";
import { PAGES } from "../words/pages.ts";
import { REPORTS } from "../words/reports.ts";
import { addressOf, type Place, placeOf, type Section, SECTIONS } from "./address.ts";
import "./adherence-report.ts";
import "./agent-rows.ts";
import "./agent-stretches.ts";
import "./disputes.ts";
import { destinations, REPORT_READERS } from "../sign-in/destinations.ts";
import "./floor-then.ts";
import "./head.ts";
import "./incidents.ts";
import "./sign-ins.ts";
import { type Between, between } from "./spans.ts";
import "./summary-report.ts";
import "./time-report.ts";
import "./timelines.ts";

document.documentElement.lang = LANGUAGE;

const EXCUSERS: readonly Role[] = ["supervisor", "admin"];

type State =
  | { readonly at: "asking" }
  | { readonly at: "unreachable"; readonly why: string }
  | { readonly at: "refused"; readonly answer: SessionAnswer }
  | { readonly at: "reads"; readonly person: Person };

class PresenceReports extends LitElement {
  #state: State = { at: "asking" };
  readonly #own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  #place: Place = placeOf(location.search, this.#own);
  /** What "today" is: when the place was last gone to, so that it stands still while it is read. */
  #now = Date.now();
  #time = between(this.#place.span, this.#place.zone, this.#now);
  #notSignedOut: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("popstate", this.#popped);
    this.addEventListener("click", this.#clicked);
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.#popped);
  }

  #becomes(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  readonly #begin = async (): Promise<void> => {
    this.#becomes({ at: "asking" });
    try {
      const answer = await currentSession();
      const person = answer.session;
      if (person === null) location.replace(signInPage());
      else if (REPORT_READERS.some((role) => person.roles.includes(role))) this.#becomes({ at: "reads", person });
      else this.#becomes({ at: "refused", answer });
    } catch (error) {
      this.#becomes({ at: "unreachable", why: explain(error) });
    }
  };

  readonly #popped = (): void => {
    this.#comesTo(placeOf(location.search, this.#own));
  };

  #goes(place: Place): void {
    history.pushState(null, "", addressOf(place, this.#own));
    this.#comesTo(place);
  }

  #comesTo(place: Place): void {
    this.#now = Date.now();
    this.#place = place;
    this.#time = between(place.span, place.zone, this.#now);
    document.title = `${REPORTS.sections[place.section]} · ${PAGES.reports} · ${PAGES.hub}`;
    this.requestUpdate();
  }

  /** Links within the page change what is shown without loading it again. */
  readonly #clicked = (event: MouseEvent): void => {
    const href = ownLink(event);
    if (href === null) return;
    event.preventDefault();
    this.#goes(placeOf(href, this.#own));
  };

  async #signOut(): Promise<void> {
    try {
      location.assign(await signOut());
    } catch (error) {
      this.#notSignedOut = PAGES.notSignedOut(explain(error));
      this.requestUpdate();
    }
  }

  override render(): TemplateResult {
    const person = this.#state.at === "reads" ? this.#state.person : null;
    return html`
      <header class="bar">
        <a class="home" href="./">${PAGES.hub}</a><span class="page">${PAGES.reports}</span><span class="space"></span>
        ${person?.roles.includes("supervisor") === true || person?.roles.includes("observer") === true ? html`<a class="other" href="board">${PAGES.board}</a>` : nothing}
        ${person === null ? nothing : html`<span class="wide">${person.name}</span><button @click=${() => void this.#signOut()}>${PAGES.signOut}</button>`}
      </header>
      <div role="alert">${this.#notSignedOut === null ? nothing : html`<p class="banner danger">${this.#notSignedOut}</p>`}</div>
      ${this.#body(this.#state)}
    `;
  }

  #body(state: State): TemplateResult {
    switch (state.at) {
      case "asking":
        return html`<main>${comingLines(6, REPORTS.asking)}</main>`;
      case "unreachable":
        return html`<main>${failedState(REPORTS.failed, state.why, html`<button @click=${this.#begin}>${REPORTS.again}</button>`)}</main>`;
      case "refused":
        return refused(state.answer);
      case "reads":
        return this.#reads(state.person);
    }
  }

  #reads(person: Person): TemplateResult {
    const place = this.#place;
    const time = this.#time;
    const leadsTo = (section: Section): string =>
      addressOf({ ...place, section, agent: null, sort: null, at: null }, this.#own);
    return html`
      <div class="body">
        <nav aria-label=${PAGES.reports}><ul>${SECTIONS.map(
          (section) =>
            html`<li><a href=${leadsTo(section)} aria-current=${section === place.section ? "page" : nothing}>${REPORTS.sections[section]}</a></li>`,
        )}</ul></nav>
        <main>
          <div class="titles">
            ${place.agent === null ? nothing : html`<p class="crumb"><a href=${addressOf({ ...place, agent: null }, this.#own)}>${REPORTS.back(REPORTS.sections[place.section])}</a></p>`}
            <h1>${REPORTS.sections[place.section]}</h1><p class="lead">${REPORTS.leads[place.section]}</p>
          </div>
          <report-head .place=${place} .between=${time ?? { from: this.#now, to: this.#now }} .own=${this.#own} @goes=${this.#asked}></report-head>
          ${time === null ? html`<p class="banner warning">${REPORTS.noTime}</p>` : this.#section(place, time, person)}
        </main>
      </div>
    `;
  }

  readonly #asked = ({ detail }: CustomEvent<Place>): void => {
    this.#goes(detail);
  };

  #section(place: Place, time: Between, person: Person): TemplateResult {
    const own = this.#own;
    if (place.agent !== null && place.section === "adherence") {
      const may = EXCUSERS.some((role) => person.roles.includes(role));
      return html`<agent-stretches .place=${place} .between=${time} .own=${own} .mayExcuse=${may}></agent-stretches>`;
    }
    if (place.agent !== null) return html`<agent-rows .place=${place} .between=${time} .own=${own}></agent-rows>`;
    switch (place.section) {
      case "time":
        return html`<time-report .place=${place} .between=${time} .own=${own}></time-report>`;
      case "summary":
        return html`<summary-report .place=${place} .between=${time} .own=${own}></summary-report>`;
      case "timelines":
        return html`<timelines-report .place=${place} .between=${time} .own=${own}></timelines-report>`;
      case "adherence":
        return html`<adherence-report .place=${place} .between=${time} .own=${own}></adherence-report>`;
      case "incidents":
        return html`<incidents-report .place=${place} .between=${time} .own=${own}></incidents-report>`;
      case "sign-ins":
        return html`<sign-ins-report .place=${place} .between=${time} .own=${own}></sign-ins-report>`;
      case "floor":
        return html`<floor-then .place=${place} .between=${time} .own=${own} @goes=${this.#asked}></floor-then>`;
      case "disputes":
        return html`<disputes-report .place=${place} .between=${time} .own=${own}></disputes-report>`;
    }
  }

  static override styles = [
    controls,
    barStyles,
    iconStyles,
    stateStyles,
    css`
      :host { display: flex; flex-direction: column; min-height: 100vh; min-height: 100dvh; }
      .body { flex: 1; display: grid; grid-template-columns: 200px minmax(0, 1fr); }
      nav { padding: var(--space-4) var(--space-2); border-right: 1px solid var(--line); background: var(--surface); }
      nav ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 2px; }
      nav a:not(.button) { display: block; padding: 6px 12px; border-radius: var(--radius); color: var(--text); text-decoration: none; border-left: 3px solid transparent; }
      nav a:hover { background: var(--hover); }
      nav a[aria-current] { background: var(--selected); border-left-color: var(--brand); font-weight: 600; }
      main { padding: var(--space-5); min-width: 0; display: grid; align-content: start; gap: var(--space-4); }
      .titles { display: grid; gap: 4px; }
      .lead { color: var(--text-2); max-width: 76ch; }
      .crumb { font: var(--caption) var(--font); }
      @media (max-width: 420px) { .bar { flex-wrap: wrap; padding-block: 4px; } }
      @media (max-width: 800px) {
        .body { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 1fr; }
        nav { border-right: 0; border-bottom: 1px solid var(--line); padding: var(--space-2); }
        nav ul { display: flex; flex-wrap: wrap; }
        nav a:not(.button) { padding: 4px 10px; border-left: 0; border-bottom: 2px solid transparent; }
        nav a[aria-current] { border-bottom-color: var(--brand); }
        main { padding: var(--space-4); }
      }
      @media (max-width: 600px) { nav ul { flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; } }
      @media (forced-colors: active) { nav a[aria-current] { forced-color-adjust: none; background: Highlight; color: HighlightText; } }
    `,
  ];
}

/** For whoever may not read them: which role is missing, who is signed in, and whom to ask. */
function refused({ session, contact }: SessionAnswer): TemplateResult {
  const { name = "", subject = "", roles = [] } = session ?? {};
  return html`
    <main><div class="state" role="alert">${icon("note")}<h2>${REPORTS.refused}</h2><p>${REPORTS.who(name, subject, roles.join(", "))}</p>
      <p>${contact === undefined ? REPORTS.ask : REPORTS.askContact(contact)}</p>
      <p>${destinations(roles).map(({ href, label }) => html`<a class="button" href=${href}>${label}</a>`)} <a class="button" href=${signInPage()}>${REPORTS.other}</a></p></div></main>`;
}

customElements.define("presence-reports", PresenceReports);
