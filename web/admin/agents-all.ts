/** One change of all agents that a list is narrowed to: whom it meets is counted first, and what became of them is told. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import type { AgentPresence, AgentResult } from "../wire.ts";
import { ALL_OF_THEM as WORDS } from "../words/admin-agents-all.ts";
import { editorStyles } from "./editor-styles.ts";
import type { Page } from "../live/every-item.ts";
import { ask, type Refusal } from "./hub.ts";
import type { JsonObject } from "./json.ts";
import type { Directory } from "./kind.ts";
import { refusalBanner } from "./refusals.ts";

type State =
  | { readonly at: "closed" }
  | { readonly at: "counting"; readonly count: number }
  | { readonly at: "asking"; readonly count: number; readonly field: Field }
  | { readonly at: "sending"; readonly count: number }
  | { readonly at: "done"; readonly done: number; readonly refused: number };

const FIELDS = ["enabled", "defaultPresenceId", "units", "teams", "queues", "skills"] as const;
type Field = (typeof FIELDS)[number];

const STEP = 1000;

export class AgentsAll extends LitElement {
  static override properties = { directory: { attribute: false }, filter: { attribute: false } };
  declare directory: Directory;
  /** Teams, queues and skills, by the hub's names of them. */
  declare filter: Readonly<Record<string, string>>;
  #state: State = { at: "closed" };
  #refusal: Refusal | null = null;
  #wrong: string | null = null;

  constructor() {
    super();
    this.filter = {};
  }

  #becomes(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  #refused(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#becomes({ at: "closed" });
  }

  readonly #count = async (): Promise<void> => {
    this.#refusal = null;
    let [count, cursor] = [0, ""];
    do {
      this.#becomes({ at: "counting", count });
      const query = { ...this.filter, limit: String(STEP), ...(cursor === "" ? {} : { cursor }) };
      const page = await ask<Page<AgentPresence>>("agents", { query });
      if (!page.done) {
        this.#refused(page.refusal);
        return;
      }
      count += page.value.items.length;
      cursor = page.value.nextCursor ?? "";
    } while (cursor !== "");
    this.#becomes({ at: "asking", count, field: "enabled" });
  };

  readonly #send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.#state.at !== "asking") return;
    const { count, field } = this.#state;
    const said = new FormData(event.target as HTMLFormElement).get("value");
    const value = valueOf(field, typeof said === "string" ? said.trim() : "");
    this.#wrong = value === undefined ? WORDS.noNumber : null;
    if (value === undefined) {
      this.requestUpdate();
      return;
    }
    this.#becomes({ at: "sending", count });
    const filter = Object.fromEntries(Object.entries(this.filter).map(([name, one]) => [name, [one]]));
    const change: JsonObject = { [field]: value };
    const answer = await ask<{ readonly results: readonly AgentResult[] }>("agents", {
      method: "PATCH",
      body: { filter, change },
    });
    if (!answer.done) {
      this.#refused(answer.refusal);
      return;
    }
    const done = answer.value.results.filter(({ status }) => status === "applied").length;
    this.#becomes({ at: "done", done, refused: answer.value.results.length - done });
    this.dispatchEvent(new CustomEvent("changed"));
  };

  override render(): TemplateResult {
    return html`<div role="alert">${this.#refusal === null ? nothing : refusalBanner(this.#refusal)}</div>${this.#body()}`;
  }

  #body(): TemplateResult {
    const state = this.#state;
    switch (state.at) {
      case "closed":
        return html`<div class="actions"><button @click=${this.#count}>${WORDS.open}</button></div>`;
      case "counting":
        return html`<p role="status">${WORDS.counting(state.count)}</p>`;
      case "sending":
        return html`<p role="status">${WORDS.sending(state.count)}</p>`;
      case "done":
        return html`<div class="card"><p role="status">${WORDS.done(state.done, state.refused)}</p>
          <div class="actions"><button @click=${() => this.#becomes({ at: "closed" })}>${WORDS.close}</button></div></div>`;
      case "asking":
        return this.#form(state.count, state.field);
    }
  }

  #form(count: number, field: Field): TemplateResult {
    const choose = (event: Event): void =>
      this.#becomes({ at: "asking", count, field: (event.target as HTMLSelectElement).value as Field });
    return html`
      <form class="card" novalidate @submit=${this.#send}>
        <p>${WORDS.about(count, Object.values(this.filter).join(", "))}</p>
        <div class="row">
          <div class="field"><label for="what">${WORDS.what}</label><select id="what" @change=${choose}>
            ${FIELDS.map((one) => html`<option value=${one} ?selected=${one === field}>${WORDS.fields[one]}</option>`)}</select></div>
          <div class="field wide"><label for="value">${WORDS.to}</label>${this.#value(field)}
            <span class="hint">${field === "units" ? WORDS.unitsHint : LISTS.includes(field) ? WORDS.listHint : nothing}</span>
            <span class="wrong" role="alert">${this.#wrong ?? nothing}</span></div>
        </div>
        <div class="actions"><button class="danger" ?disabled=${count === 0}>${WORDS.send(count)}</button>
          <button type="button" @click=${() => this.#becomes({ at: "closed" })}>${WORDS.cancel}</button></div>
      </form>
    `;
  }

  #value(field: Field): TemplateResult {
    switch (field) {
      case "enabled":
        return html`<select id="value" name="value"><option value="true">${WORDS.yes}</option><option value="false">${WORDS.no}</option></select>`;
      case "defaultPresenceId":
        return html`<select id="value" name="value">${this.directory.presences
          .filter(({ enabled, presenceId }) => enabled && presenceId !== "inactive")
          .map(
            ({ presenceId, presenceText, presenceName }) =>
              html`<option value=${presenceId}>${presenceText ?? presenceName}</option>`,
          )}</select>`;
      default:
        return html`<input id="value" name="value" autocomplete="off" />`;
    }
  }

  static override styles = [
    controls,
    editorStyles,
    css`
      .row { display: flex; flex-wrap: wrap; gap: 12px; }
      .wide { flex: 1 1 220px; }
      .wide > input, .wide > select { width: 100%; }
      .wrong:empty, .hint:empty { display: none; }
    `,
  ];
}

const LISTS: readonly Field[] = ["teams", "queues", "skills"];

/** What the hub is told; undefined if it is no such value. An empty number takes it away, an empty list empties it. */
export function valueOf(field: Field, text: string): JsonObject[string] | undefined {
  switch (field) {
    case "enabled":
      return text === "true";
    case "defaultPresenceId":
      return text;
    case "units":
      if (text === "") return null;
      return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    case "teams":
    case "queues":
    case "skills":
      return [...new Set(text.split(",").map((one) => one.trim()))].filter((one) => one !== "");
  }
}

customElements.define("agents-all", AgentsAll);
