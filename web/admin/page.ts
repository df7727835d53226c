/** The administration page: who may, which section, and what is open in it. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { currentSession, explain, type Person, signInPage, signOut } from "../live/session.ts";
import { barStyles } from "../look/bar.ts";
import { ownLink } from "../look/own-link.ts";
import { controls } from "../look/controls.ts";
import { iconStyles } from "../look/icon.ts";
import { comingLines, emptyState, failedState, stateStyles } from "../look/states.ts";
import { ADMIN, ROLES } from "../words/admin.ts";
import { LANGUAGE } from "../words/language.ts";
import { PAGES } from "../words/pages.ts";
import { addressOf, LIST, type Place, placeOf, SECTIONS, sectionAddress } from "./address.ts";
import "./ask-dialog.ts";
import type { AskDialog } from "./ask-dialog.ts";
import { everyOne, type Refusal } from "./hub.ts";
import type { Directory } from "./kind.ts";
import { pageStyles } from "./page-styles.ts";
import { notLoaded } from "./refusals.ts";
import { firstSection, heading, mayOpen, section } from "./sections.ts";
import { RecordEditor } from "./record-editor.ts";
import { SettingsPage } from "./settings-page.ts";

type State =
  | { readonly at: "asking" }
  | { readonly at: "unreachable"; readonly why: string }
  | { readonly at: "nobody" }
  | { readonly at: "failed"; readonly refusal: Refusal; readonly person: Person }
  | { readonly at: "signed-in"; readonly person: Person; readonly directory: Directory };

/** Headings above a state that has the whole page. */
const FRAME = html`<h1 class="unseen">${PAGES.admin}</h1><h2 class="unseen">${ADMIN.contents}</h2>`;

document.documentElement.lang = LANGUAGE;

class PresenceAdmin extends LitElement {
  #state: State = { at: "asking" };
  #place: Place = placeOf(location.search);
  /** Counts what was opened, so that the same address opened again begins anew. */
  #opened = 0;
  /** What the open record is called, once that is known. */
  #named: string | null = null;
  #notSignedOut: string | null = null;
  /** Whom people can ask who may not do something. */
  #contact: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("popstate", this.#popped);
    addEventListener("beforeunload", this.#leaving);
    this.addEventListener("click", this.#clicked);
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.#popped);
    removeEventListener("beforeunload", this.#leaving);
  }

  #become(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  readonly #begin = async (): Promise<void> => {
    this.#become({ at: "asking" });
    try {
      const { session, contact } = await currentSession();
      this.#contact = contact ?? null;
      if (session === null) {
        this.#become({ at: "nobody" });
        return;
      }
      this.#place = placeOf(location.search, firstSection(session.roles));
      await this.#loadDirectory(session);
    } catch (error) {
      this.#become({ at: "unreachable", why: explain(error) });
    }
  };

  /** Presences and capacity profiles are few, and named in most of the forms. */
  async #loadDirectory(person: Person): Promise<void> {
    const [presences, profiles] = await Promise.all([
      everyOne<Directory["presences"][number]>("presences"),
      everyOne<Directory["profiles"][number]>("capacity-profiles"),
    ]);
    if (!presences.done) {
      this.#become({ at: "failed", refusal: presences.refusal, person });
      return;
    }
    if (!profiles.done) {
      this.#become({ at: "failed", refusal: profiles.refusal, person });
      return;
    }
    this.#become({ at: "signed-in", person, directory: { presences: presences.value, profiles: profiles.value } });
  }

  get #dirty(): boolean {
    const open = this.renderRoot.querySelector("main > [data-open]");
    if (open instanceof RecordEditor || open instanceof SettingsPage) return open.dirty;
    return open?.hasAttribute("data-dirty") === true;
  }

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (this.#dirty) event.preventDefault();
  };

  readonly #popped = (): void => {
    const roles = "person" in this.#state ? this.#state.person.roles : [];
    void this.#go(placeOf(location.search, firstSection(roles)), "came");
  };

  /** Links within the page change what is open without loading it again. */
  readonly #clicked = (event: MouseEvent): void => {
    const href = ownLink(event);
    if (href === null) return;
    event.preventDefault();
    void this.#go(placeOf(href), "goes");
  };

  async #go(place: Place, how: "goes" | "came"): Promise<void> {
    if (this.#dirty && !(await this.#mayDiscard())) {
      if (how === "came") history.pushState(null, "", addressOf(this.#place));
      return;
    }
    if (how === "goes") history.pushState(null, "", addressOf(place));
    await this.#show(place);
  }

  async #show(place: Place): Promise<void> {
    const narrowed =
      place.section === this.#place.section && place.open.what === "list" && this.#place.open.what === "list";
    this.#place = place;
    this.#named = null;
    this.#opened += 1;
    const loaded = this.#state.at === "signed-in" ? this.#loadDirectory(this.#state.person) : null;
    // Nobody acts on rows that are about to go: a narrowed list takes the place of the other at once.
    if (!narrowed) await loaded;
    this.requestUpdate();
    await this.updateComplete;
    if (!narrowed) this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  #mayDiscard(): Promise<boolean> {
    const dialog = this.renderRoot.querySelector<AskDialog>("ask-dialog");
    const { leave: title, leaveText: text, discard: yes, stay: no } = ADMIN;
    return dialog?.ask({ title, text, yes, no }) ?? Promise.resolve(true);
  }

  async #signOut(): Promise<void> {
    try {
      location.assign(await signOut());
    } catch (error) {
      this.#notSignedOut = PAGES.notSignedOut(explain(error));
      this.requestUpdate();
    }
  }

  override render(): TemplateResult {
    const state = this.#state;
    const person = "person" in state ? state.person : null;
    return html`
      <header class="bar">
        <a class="home" href="./">${PAGES.hub}</a><span class="page">${PAGES.admin}</span><span class="space"></span>
        ${person === null ? nothing : html`<span class="who">${ADMIN.signedInAs(person.name)}</span><button @click=${() => void this.#signOut()}>${PAGES.signOut}</button>`}
      </header>
      <div role="alert">${this.#notSignedOut === null ? nothing : html`<p class="banner danger">${this.#notSignedOut}</p>`}</div>
      ${this.#body(state)}
      <ask-dialog></ask-dialog>
    `;
  }

  #body(state: State): TemplateResult {
    switch (state.at) {
      case "asking":
        return html`<main>${comingLines(6, ADMIN.asking)}</main>`;
      case "unreachable":
        return html`<main class="whole">${FRAME}${failedState(ADMIN.unreachable, `${state.why}.`, html`<button @click=${this.#begin}>${PAGES.tryAgain}</button>`)}</main>`;
      case "nobody":
        return html`<main class="whole">${FRAME}${emptyState(ADMIN.nobody, ADMIN.nobodyText, html`<a class="button primary" href=${signInPage()}>${PAGES.goToSignIn}</a>`)}</main>`;
      case "failed":
        return html`<main class="whole">${FRAME}${notLoaded(state.refusal, () => void this.#begin())}</main>`;
      case "signed-in":
        return this.#signedIn(state.person, state.directory);
    }
  }

  #signedIn(person: Person, directory: Directory): TemplateResult {
    const has = ADMIN.roles(person.roles.map((role) => ROLES[role]));
    const may = SECTIONS.filter((one) => mayOpen(one, person.roles));
    if (may.length === 0) {
      const another = html`<a class="button" href=${signInPage()}>${PAGES.goToSignIn}</a>`;
      return html`<main class="whole">${FRAME}${emptyState(ADMIN.notAllowed, `${ADMIN.notAllowedText(person.name, has)} ${this.#contact === null ? "" : ADMIN.contact(this.#contact)}`, another)}</main>`;
    }
    const place = this.#place;
    const { lead, crumb, action, ...head } = heading(place);
    const title = place.open.what === "record" ? (this.#named ?? head.title) : head.title;
    document.title = `${title} · ${PAGES.admin}`;
    const allowed = may.includes(place.section);
    return html`
      <div class="body">
        <nav aria-label=${ADMIN.sections}><ul>
          ${may.map((one) => html`<li><a href=${sectionAddress(one)} aria-current=${one === place.section ? "page" : nothing}>${heading({ section: one, open: LIST, narrowing: {} }).title}</a></li>`)}
        </ul></nav>
        <main class=${place.open.what === "record" || place.open.what === "new" || place.section === "settings" ? "narrow" : ""}>
          <div class="head"><div>
            ${crumb === null ? nothing : html`<a class="crumb" href=${crumb.href}>${crumb.label}</a>`}
            <h1 tabindex="-1">${title}</h1><p>${lead}</p></div>${action ?? nothing}</div>
          <h2 class="unseen">${ADMIN.contents}</h2>
          ${allowed ? this.#section(place, directory) : emptyState(ADMIN.sectionNotAllowed, ADMIN.sectionNotAllowedText(person.name, has))}
        </main>
      </div>
    `;
  }

  #section(place: Place, directory: Directory): TemplateResult {
    return section(place, directory, this.#opened, {
      narrow: (next) => void this.#go(next, "goes"),
      go: (next) => {
        history.replaceState(null, "", addressOf(next));
        void this.#show(next);
      },
      isAt: (next) => {
        history.replaceState(null, "", addressOf(next));
        this.#place = next;
        this.requestUpdate();
      },
      changed: () => this.requestUpdate(),
      isNamed: (name) => {
        this.#named = name;
        this.requestUpdate();
      },
    });
  }

  static override styles = [controls, iconStyles, stateStyles, barStyles, pageStyles];
}

customElements.define("presence-admin", PresenceAdmin);
