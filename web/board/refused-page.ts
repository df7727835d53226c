/** Instead of the board, for whoever may not see it: which role is missing, who is signed in, and whom to ask. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { currentSession, type SessionAnswer, signInPage } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { stateStyles } from "../look/states.ts";
import { REFUSED } from "../words/board.ts";
import { PAGES } from "../words/pages.ts";

export class RefusedPage extends LitElement {
  #answer: SessionAnswer | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#answer = await currentSession().catch(() => null);
    // Who only observes opens the same board in another role.
    if (this.#answer?.session?.roles.includes("observer") === true && !location.search.includes("role=observer")) {
      location.replace("?role=observer");
    }
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const person = this.#answer?.session ?? null;
    return html`
      <div class="state" role="alert">
        ${icon("note")}
        <h2>${REFUSED.title}</h2>
        <p>${REFUSED.role(person === null ? "" : who(person))}</p>
        <p>${this.#answer === null ? nothing : whomToAsk(this.#answer)}</p>
        ${this.#answer?.contact === undefined ? nothing : html`<p>${REFUSED.contact(this.#answer.contact)}</p>`}
        <nav>
          ${person?.roles.includes("agent") === true ? html`<a class="button primary" href="desk">${REFUSED.desk}</a>` : nothing}
          <a class="button" href=${signInPage()}>${person === null ? PAGES.goToSignIn : REFUSED.other}</a>
        </nav>
      </div>
    `;
  }

  static override styles = [
    controls,
    iconStyles,
    stateStyles,
    css`
      :host { display: grid; place-items: center; flex: 1; }
      nav { display: flex; flex-wrap: wrap; gap: 8px; justify-content: center; margin-top: 8px; }
    `,
  ];
}

function who({ name, subject, roles }: NonNullable<SessionAnswer["session"]>): string {
  return roles.length === 1
    ? REFUSED.who(name, subject, roles[0] ?? "")
    : REFUSED.whoMany(name, subject, roles.join(", "));
}

function whomToAsk({ mode, provider }: SessionAnswer): string {
  switch (mode) {
    case "demo":
      return REFUSED.askDemo;
    case "jwt":
      return REFUSED.askToken;
    case "oidc":
      return REFUSED.askProvider(provider?.name ?? "");
  }
}

customElements.define("refused-page", RefusedPage);
