/** The dialog in which a supervisor acts on others, and reads what became of each. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Presence } from "../generated/wire.ts";
import { controls } from "../look/controls.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import type { Deed, Outcome } from "./acting.ts";

export interface Chosen {
  readonly agentId: string;
  readonly name: string;
}

export type Do = (deed: Deed, agentIds: readonly string[]) => Promise<readonly Outcome[]>;

type State =
  | { readonly at: "asking" }
  | { readonly at: "doing" }
  | { readonly at: "done"; readonly outcomes: readonly Outcome[] };

const TITLES: Record<Deed["type"], string> = {
  set: "Change presence",
  reset: "Reset presence",
  "sign-out": "Sign out",
};

/** Longer lists nobody reads. */
const NAMED = 100;

export class ActDialog extends LitElement {
  static override properties = {
    presences: { attribute: false },
    act: { attribute: false },
    deed: { state: true },
    chosen: { state: true },
    state: { state: true },
  };
  declare presences: readonly Presence[];
  declare act: Do;
  declare private deed: Deed["type"];
  /** Fixed when the dialog opens: the list below it goes on changing. */
  declare private chosen: readonly Chosen[];
  declare private state: State;

  constructor() {
    super();
    this.presences = [];
    this.act = () => Promise.resolve([]);
    this.deed = "set";
    this.chosen = [];
    this.state = { at: "asking" };
  }

  async open(deed: Deed["type"], chosen: readonly Chosen[]): Promise<void> {
    this.deed = deed;
    this.chosen = chosen;
    this.state = { at: "asking" };
    await this.updateComplete;
    this.renderRoot.querySelector("form")?.reset();
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  #close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? "").trim();
    this.state = { at: "doing" };
    const ids = this.chosen.map((agent) => agent.agentId);
    const outcomes = await this.act(this.#deed(text("presence"), text("reason")), ids);
    this.state = { at: "done", outcomes };
  }

  #deed(presenceId: string, reason: string): Deed {
    switch (this.deed) {
      case "set":
        return { type: "set", presenceId, reason };
      case "reset":
        return { type: "reset" };
      case "sign-out":
        return { type: "sign-out", reason };
    }
  }

  override render(): TemplateResult {
    const [first, ...others] = this.chosen;
    const whom = others.length === 0 ? (first?.name ?? "") : `${this.chosen.length} agents`;
    return html`
      <dialog aria-labelledby="title">
        <form @submit=${(event: SubmitEvent) => void this.submit(event)}>
          <h2 id="title">${TITLES[this.deed]}: ${whom}</h2>
          ${this.state.at === "done" ? nothing : this.question()}
          <div role="status">${this.state.at === "done" ? this.answer(this.state.outcomes) : nothing}</div>
          <div class="actions">
            ${this.state.at === "done"
              ? html`<button type="button" class="primary" @click=${() => this.#close()}>Close</button>`
              : html`
                  <button class="primary" ?disabled=${this.state.at === "doing"}>${TITLES[this.deed]}</button>
                  <button type="button" @click=${() => this.#close()}>Cancel</button>`}
          </div>
        </form>
      </dialog>
    `;
  }

  private question(): TemplateResult {
    const reason = html`
      <div class="field">
        <label for="reason">Reason <span class="optional">(optional, the agent sees it)</span></label>
        <input id="reason" name="reason" maxlength="200" autocomplete="off" />
      </div>`;
    switch (this.deed) {
      case "set":
        return html`
          <fieldset>
            <legend class="unseen">Presence</legend>
            ${this.presences.filter((presence) => presence.canUserSet && presence.enabled).map(option)}
          </fieldset>
          ${reason}`;
      case "reset":
        return html`<p>Ends Inactive, or the Do not disturb that followed a rejection or the work item limit.</p>`;
      case "sign-out":
        return html`<p>All their windows are signed out. Work that is assigned to them stays assigned.</p>${reason}`;
    }
  }

  private answer(outcomes: readonly Outcome[]): TemplateResult {
    const names = new Map(this.chosen.map((agent) => [agent.agentId, agent.name]));
    const refusals = outcomes.filter((outcome) => outcome.refusal !== null);
    const done = outcomes.length - refusals.length;
    const named = [...refusals, ...outcomes.filter((outcome) => outcome.refusal === null)].slice(0, NAMED);
    return html`
      <p><strong>${done} applied</strong>${refusals.length === 0 ? "." : `, ${refusals.length} not.`}</p>
      <ul tabindex="0" aria-label="Results">
        ${named.map(
          ({ agentId, refusal }) => html`
            <li><span>${names.get(agentId) ?? agentId}</span>
            <span class=${refusal === null ? "applied" : "refused"}>${refusal ?? "Applied"}</span></li>`,
        )}
      </ul>
      ${outcomes.length > NAMED ? html`<p class="optional">and ${outcomes.length - NAMED} more</p>` : nothing}
    `;
  }

  static override styles = [
    controls,
    presenceIconStyles,
    css`
      form { display: grid; gap: 16px; }
      .option {
        display: grid; grid-template-columns: auto auto 1fr; align-items: center; gap: 10px; padding: 8px;
        border-radius: var(--radius); font-weight: 400; cursor: pointer; --cut-out: var(--raised);
      }
      .option:hover { background: var(--hover); }
      .option:has(:checked) { background: var(--selected); }
      .field { display: grid; gap: 4px; }
      .optional { color: var(--text-3); font-weight: 400; }
      .actions { display: flex; gap: 8px; justify-content: flex-end; }
      ul { list-style: none; margin: 8px 0 0; padding: 0; max-height: 240px; overflow: auto; }
      li { display: flex; justify-content: space-between; gap: 16px; padding: 6px 0; border-bottom: 1px solid var(--line); }
      .applied { color: var(--good-text); }
      .refused { color: var(--danger-text); text-align: right; }
    `,
  ];
}

function option(presence: Presence): TemplateResult {
  return html`
    <label class="option">
      <input type="radio" name="presence" value=${presence.presenceId} required />
      ${presenceIcon(presence.basePresenceStatus, presence)}
      <span>${presence.presenceText}</span>
    </label>
  `;
}

customElements.define("act-dialog", ActDialog);
