/** The first page: sign in, then what the role may see. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import {
  type Credentials,
  currentSession,
  type DemoPerson,
  explain,
  type Person,
  type SessionAnswer,
  signIn,
  signOut,
} from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { entered } from "../look/form.ts";
import { LANGUAGE } from "../words/language.ts";
import { PAGES } from "../words/pages.ts";
import { NOT_SIGNED_IN, SIGN_IN } from "../words/sign-in.ts";
import { destinations, wayBack } from "./destinations.ts";

type State =
  | { readonly at: "asking" }
  | { readonly at: "unreachable"; readonly why: string }
  | { readonly at: "answered"; readonly answer: SessionAnswer };

/** Whoever comes from the provider goes on to their only page; whoever comes back from there stays here. */
const JUST_SIGNED_IN = "signedIn";

function justSignedIn(): boolean {
  return new URLSearchParams(location.search).has(JUST_SIGNED_IN);
}

document.documentElement.lang = LANGUAGE;

class SignInPage extends LitElement {
  #state: State = { at: "asking" };
  /** The sentence that explains why the last sign-in or sign-out was not done. */
  #refusal: string | null = NOT_SIGNED_IN[new URLSearchParams(location.search).get("failed") ?? ""] ?? null;
  /** The page that the person came from. */
  readonly #back = wayBack(location.search);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      const answer = await currentSession();
      const [only, ...others] = destinations(answer.session?.roles ?? []);
      if (only !== undefined && others.length === 0 && justSignedIn()) location.replace(only.href);
      else this.#become({ at: "answered", answer });
    } catch (error) {
      this.#become({ at: "unreachable", why: explain(error) });
    }
  }

  #become(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  #refuse(refusal: string | null): void {
    this.#refusal = refusal;
    this.requestUpdate();
  }

  async #enter(credentials: Credentials): Promise<void> {
    this.#refuse(null);
    try {
      await signIn(credentials);
      const answer = await currentSession();
      if (answer.session === null) {
        // The hub let the person in, and is asked again without the cookie that it gave.
        this.#refuse(SIGN_IN.notSignedIn(SIGN_IN.notKept));
        return;
      }
      const [only, ...others] = destinations(answer.session.roles);
      if (this.#back !== null) location.assign(this.#back);
      else if (only !== undefined && others.length === 0) location.assign(only.href);
      else this.#become({ at: "answered", answer });
    } catch (error) {
      this.#refuse(SIGN_IN.notSignedIn(explain(error)));
    }
  }

  async #leave(): Promise<void> {
    try {
      location.assign(await signOut());
    } catch (error) {
      this.#refuse(PAGES.notSignedOut(explain(error)));
      await this.#ask();
    }
  }

  override render(): TemplateResult {
    return html`
      <main>
        <h1>${PAGES.hub}</h1>
        ${this.#body()}
        <p class="refused" role="alert">${this.#refusal}</p>
      </main>
    `;
  }

  #body(): TemplateResult {
    switch (this.#state.at) {
      case "asking":
        return html`<p>${SIGN_IN.asking}</p>`;
      case "unreachable":
        return html`
          <p class="banner danger"><span class="grow">${SIGN_IN.unreachable(this.#state.why)}</span>
          <button @click=${() => void this.#ask()}>${PAGES.tryAgain}</button></p>`;
      case "answered": {
        const { mode, session, demo, provider } = this.#state.answer;
        if (session !== null) return this.#welcome(session, mode === "jwt" ? this.#anotherToken() : nothing);
        switch (mode) {
          case "demo":
            return this.#people(demo?.people ?? []);
          case "jwt":
            return this.#token();
          case "oidc":
            return this.#provider(provider?.name ?? "");
        }
      }
    }
  }

  /** A token ends; the pages go on with the next one. */
  #anotherToken(): TemplateResult {
    return html`<details><summary>${SIGN_IN.useAnotherToken}</summary>${this.#token()}</details>`;
  }

  #welcome(person: Person, renewal: TemplateResult | typeof nothing): TemplateResult {
    const pages = destinations(person.roles);
    const back = this.#back;
    return html`
      <p>${SIGN_IN.signedInAs(html`<strong>${person.name}</strong>`, person.roles.join(", "))}</p>
      <nav aria-label=${SIGN_IN.pages}>
        ${back === null ? nothing : html`<a class="button primary" href=${back}>${SIGN_IN.goOn}</a>`}
        ${pages.map((page) => html`<a class="button primary" href=${page.href}>${page.label}</a>`)}
        ${pages.length === 0 ? html`<p>${SIGN_IN.noPage(html`<a href="api/openapi.json">/api</a>`)}</p>` : nothing}
      </nav>
      ${renewal}
      <button @click=${() => void this.#leave()}>${PAGES.signOut}</button>
    `;
  }

  #provider(name: string): TemplateResult {
    const begin = `sign-in?${new URLSearchParams({ returnTo: this.#back ?? `?${JUST_SIGNED_IN}=` }).toString()}`;
    return html`<nav><a class="button primary" href=${begin}>${SIGN_IN.signInWith(name)}</a></nav>`;
  }

  #people(people: readonly DemoPerson[]): TemplateResult {
    return html`
      <p>${SIGN_IN.chooseWhoToBe}</p>
      <ul>
        ${people.map(
          (person) => html`
            <li>
              <button class="person" @click=${() => void this.#enter({ demo: person.subject })}>
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

  #token(): TemplateResult {
    const submit = (event: SubmitEvent): void => {
      void this.#enter({ token: entered(event)("token") });
    };
    return html`
      <form @submit=${submit}>
        <label for="token">${SIGN_IN.token}</label>
        <textarea id="token" name="token" rows="5" required spellcheck="false" autocomplete="off"></textarea>
        <button class="primary">${SIGN_IN.signIn}</button>
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
  return name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join("")
    .toUpperCase();
}

customElements.define("sign-in-page", SignInPage);
