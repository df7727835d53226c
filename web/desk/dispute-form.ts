/** What an agent says of an entry of its history. It says `disputed`, with what the hub kept, or `cancelled`. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { explain, post } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import type { Dispute, DisputeEntry, HistoryInterval } from "../wire.ts";
import { MY_RECORD } from "../words/my-record.ts";

/** By the hub's contract. */
const LONGEST_NOTE = 500;

type State =
  { readonly at: "writing"; readonly wrong: string | null } | { readonly at: "sending"; readonly wrong: null };

export class DisputeForm extends LitElement {
  static override properties = { agentId: {}, entry: { attribute: false } };
  declare agentId: string;
  declare entry: HistoryInterval | null;
  #state: State = { at: "writing", wrong: null };

  constructor() {
    super();
    this.agentId = "";
    this.entry = null;
  }

  protected override firstUpdated(): void {
    this.#note?.focus();
  }

  get #note(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("textarea");
  }

  #becomes(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }

  readonly #send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.entry === null || this.#state.at === "sending") return;
    // A note is one line.
    const note = (this.#note?.value ?? "").replace(/\s+/g, " ").trim();
    if (note === "") {
      this.#becomes({ at: "writing", wrong: MY_RECORD.empty });
      return;
    }
    this.#becomes({ at: "sending", wrong: null });
    const { start, seq } = this.entry;
    try {
      const said: DisputeEntry = { start, seq, note };
      const detail = await post<Dispute>(`api/v1/agents/${encodeURIComponent(this.agentId)}/disputes`, said);
      this.dispatchEvent(new CustomEvent("disputed", { detail }));
    } catch (error) {
      this.#becomes({ at: "writing", wrong: MY_RECORD.notSent(explain(error)) });
    }
  };

  readonly #cancel = (): void => {
    this.dispatchEvent(new CustomEvent("cancelled"));
  };

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#cancel();
  };

  override render(): TemplateResult {
    const { at, wrong } = this.#state;
    return html`
      <form class="field" @submit=${this.#send} @keydown=${this.#keyed}>
        <label for="note">${MY_RECORD.note}</label>
        <textarea id="note" rows="2" maxlength=${LONGEST_NOTE} ?readonly=${at === "sending"} aria-describedby="hint wrong" aria-invalid=${wrong !== null}></textarea>
        <span id="hint" class="hint">${MY_RECORD.hint}</span>
        <span id="wrong" class="wrong" role="alert">${wrong ?? nothing}</span>
        <div class="actions">
          <button class="primary" ?disabled=${at === "sending"}>${MY_RECORD.send}</button>
          <button type="button" @click=${this.#cancel}>${MY_RECORD.cancel}</button>
        </div>
      </form>
    `;
  }

  static override styles = [
    controls,
    css`
      :host { display: block; padding: 4px; }
      textarea { width: 100%; min-height: 56px; resize: vertical; }
      .actions { display: flex; flex-wrap: wrap; gap: 8px; }
    `,
  ];
}

customElements.define("dispute-form", DisputeForm);
