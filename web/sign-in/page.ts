/** The first page: sign in, then what the role may see. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { currentSession, signIn, signOut, type Credentials, type DemoPerson, type Person, type SessionAnswer } from "../client/session.ts";
import { controls } from "../look/controls.ts";
import { destinations } from "./destinations.ts";

type State =
  | { readonly at: "asking" }
  | { readonly at: "unreachable"; readonly why: string }
  | { readonly at: "answered"; readonly answer: SessionAnswer };

class SignInPage extends LitElement {
  static override properties = { state: { state: true }, refused: { state: true } };
  declare private state: State;
  declare private refused: string | null;

  constructor() {
    super();
    this.state = { at: "asking" };
    this.refused = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.ask();
  }

  private async ask(): Promise<void> {
    try {
      this.state = { at: "answered", answer: await currentSession() };
    } catch (error) {
      this.state = { at: "unreachable", why: explain(error) };
    }
  }

  private async enter(credentials: Credentials): Promise<void> {
    this.refused = null;
    try {
      await signIn(credentials);
      const answer = await currentSession();
      const [only, ...others] = destinations(answer.session?.roles ?? []);
      if (only !== undefined && others.length === 0) location.assign(only.href);
      else this.state = { at: "answered", answer };
    } catch (error) {
      this.refused = explain(error);
    }
  }

  private async leave(): Promise<void> {
    try {
      await signOut();
    } catch (error) {
      this.refused = explain(error);
    }
    await this.ask();
  }

  override render(): TemplateResult {
    return html`
      <main>
        <h1>Presence hub</h1>
        ${this.body()}
        <p class="refused" role="alert">${this.refused === null ? nothing : `Not signed in: ${this.refused}.`}</p>
      </main>
    `;
  }

  private body(): TemplateResult {
    switch (this.state.at) {
      case "asking":
        return html`<p>Asking the hub who you are…</p>`;
      case "unreachable":
        return html`
          <p class="banner danger"><span class="grow">The hub cannot be reached: ${this.state.why}.</span>
          <button @click=${() => void this.ask()}>Try again</button></p>`;
      case "answered": {
        const { mode, session, demo } = this.state.answer;
        if (session !== null) return this.welcome(session, mode === "jwt" ? this.anotherToken() : nothing);
        return mode === "demo" ? this.people(demo?.people ?? []) : this.token();
      }
    }
  }

  /** A token ends; the pages go on with the next one. */
  private anotherToken(): TemplateResult {
    return html`<details><summary>Use another token</summary>${this.token()}</details>`;
  }

  private welcome(person: Person, renewal: TemplateResult | typeof nothing): TemplateResult {
    const pages = destinations(person.roles);
    return html`
      <p>Signed in as <strong>${person.name}</strong> (${person.roles.join(", ")}).</p>
      <nav aria-label="Pages">
        ${pages.map((page) => html`<a class="button primary" href=${page.href}>${page.label}</a>`)}
        ${pages.length === 0 ? html`<p>None of the pages is for your role; the HTTP API is under <a href="/api/openapi.json">/api</a>.</p>` : nothing}
      </nav>
      ${renewal}
      <button @click=${() => void this.leave()}>Sign out</button>
    `;
  }

  private people(people: readonly DemoPerson[]): TemplateResult {
    return html`
      <p>This hub runs in demonstration mode. Be one of these; to be two at once, use a private window for the second.</p>
      <ul>
        ${people.map(
          (person) => html`
            <li>
              <button class="person" @click=${() => void this.enter({ demo: person.subject })}>
                <span class="initials" aria-hidden="true">${initials(person.name)}</span>
                <span class="name">${person.name}</span>
                <span class="roles">${[...person.roles, ...person.teams].join(" · ")}</span>
                ${person.about === undefined ? nothing : html`<span class="about">${person.about}</span>`}
              </button>
            </li>`,
        )}
      </ul>
    `;
  }

  private token(): TemplateResult {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const token = new FormData(event.target as HTMLFormElement).get("token");
      void this.enter({ token: String(token).trim() });
    };
    return html`
      <form @submit=${submit}>
        <label for="token">Access token</label>
        <textarea id="token" name="token" rows="5" required spellcheck="false" autocomplete="off"></textarea>
        <button class="primary">Sign in</button>
      </form>
    `;
  }

  static override styles = [
    controls,
    css`
      :host { display: grid; place-items: center; min-height: 100%; padding: 24px; }
      main {
        width: min(480px, 100%); padding: 32px; display: grid; gap: 16px;
        background: var(--surface); border: 1px solid var(--line); border-radius: 8px; box-shadow: var(--shadow);
      }
      ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
      form, nav { display: grid; gap: 8px; }
      a:not(.button) { color: var(--brand); }
      .person { width: 100%; white-space: normal; display: grid; grid-template-columns: auto 1fr; justify-content: start; text-align: left; gap: 0 12px; padding: 8px 12px; }
      .initials {
        grid-row: span 3; width: 32px; height: 32px; border-radius: 50%; display: grid; place-items: center; align-self: center;
        background: var(--brand-fill); color: var(--on-brand); font-size: 12px;
      }
      .roles { font-weight: 400; font-size: 12px; line-height: 16px; color: var(--text-3); }
      .about { grid-column: 2; font-weight: 400; font-size: 12px; line-height: 16px; color: var(--text-2); }
      .refused { color: var(--danger-text); }
      .refused:empty { display: none; }
    `,
  ];
}

function initials(name: string): string {
  return name.split(/\s+/).map((word) => word.charAt(0)).slice(0, 2).join("").toUpperCase();
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

customElements.define("sign-in-page", SignInPage);
