/** What every section of the reports is about: the time, the zone, whom, and what is saved as a file. */

import { html, nothing, type TemplateResult } from "lit";
import { explain } from "../live/session.ts";
import { controls } from "../look/controls.ts";
import { HEAD, REPORTS } from "../words/reports.ts";
import { isZone, type Place, SPLITS } from "./address.ts";
import { type Export, exportsOf, save } from "./exporting.ts";
import { Section } from "./section.ts";
import { localOf, type Span } from "./spans.ts";
import { reportStyles } from "./styles.ts";

const KINDS = ["today", "yesterday", "this-week", "last-week", "day", "range"] as const;
const SPLIT: readonly Place["section"][] = ["time", "summary", "adherence"];

export class ReportHead extends Section {
  #wrong: string | null = null;
  #saving: Export["name"] | null = null;

  #goes(change: Partial<Place>): void {
    this.dispatchEvent(new CustomEvent("goes", { detail: { ...this.place, at: null, ...change } }));
  }

  readonly #spanChosen = (event: Event): void => {
    const { zone } = this.place;
    const kind = (event.target as HTMLSelectElement).value as Span["kind"];
    const [from, to] = [localOf(this.between.from, zone), localOf(this.between.to, zone)];
    if (kind === "day") this.#goes({ span: { kind, day: from.slice(0, 10) } });
    else if (kind === "range") this.#goes({ span: { kind, from, to } });
    else this.#goes({ span: { kind } });
  };

  override render(): TemplateResult {
    const { place } = this;
    return html`
      <form class="head" @submit=${(event: Event) => event.preventDefault()}>
        <label class="field">${HEAD.span}<select @change=${this.#spanChosen}>${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === place.span.kind}>${HEAD.spans[kind]}</option>`)}</select></label>
        ${this.#edges(place.span)}
        ${this.#zone()}
        ${this.#list("teams", HEAD.teams, place.teams)} ${place.section === "disputes" ? nothing : this.#list("agents", HEAD.agents, place.agents)}
        ${SPLIT.includes(place.section) && place.agent === null ? this.#split() : nothing}
        ${this.#files()}
      </form>
      <p class="wrong" role="alert">${this.#wrong ?? nothing}</p>
    `;
  }

  #edges(span: Span): TemplateResult | typeof nothing {
    if (span.kind === "day") {
      const chosen = (event: Event): void => {
        const day = (event.target as HTMLInputElement).value;
        if (day !== "") this.#goes({ span: { kind: "day", day } });
      };
      return html`<label class="field">${HEAD.day}<input type="date" .value=${span.day} @change=${chosen} /></label>`;
    }
    if (span.kind !== "range") return nothing;
    const edge = (which: "from" | "to") => (event: Event) => {
      const instant = (event.target as HTMLInputElement).value;
      if (instant !== "") this.#goes({ span: { ...span, [which]: instant } });
    };
    return html`
      <label class="field">${HEAD.from}<input type="datetime-local" .value=${span.from} @change=${edge("from")} /></label>
      <label class="field">${HEAD.to}<input type="datetime-local" .value=${span.to} @change=${edge("to")} /></label>
    `;
  }

  #zone(): TemplateResult {
    const chosen = (event: Event): void => {
      const named = (event.target as HTMLInputElement).value.trim();
      const zone = isZone(named === "" ? this.own : named);
      this.#wrong = zone === null ? HEAD.noZone(named) : null;
      this.requestUpdate();
      if (zone !== null) this.#goes({ zone });
    };
    return html`
      <label class="field">${HEAD.zone}<input list="zones" .value=${this.place.zone} @change=${chosen} aria-invalid=${this.#wrong !== null} /></label>
      <datalist id="zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option value=${zone}></option>`)}</datalist>
    `;
  }

  #list(which: "teams" | "agents", label: string, values: readonly string[]): TemplateResult {
    const chosen = (event: Event): void => {
      const words = (event.target as HTMLInputElement).value.split(",").map((word) => word.trim());
      this.#goes({ [which]: words.filter((word) => word !== "") });
    };
    return html`<label class="field">${label}<input .value=${values.join(", ")} placeholder=${HEAD.all} @change=${chosen} /></label>`;
  }

  #split(): TemplateResult {
    return html`
      <fieldset class="field"><legend>${HEAD.by}</legend><div class="split">${SPLITS.map(
        (by) =>
          html`<button type="button" aria-pressed=${by === this.place.by} @click=${() => this.#goes({ by, sort: null })}>${REPORTS.by[by]}</button>`,
      )}</div></fieldset>`;
  }

  #files(): TemplateResult {
    return html`
      <fieldset class="field"><legend>${HEAD.save}</legend><div class="split">${exportsOf(this.place, this.between).map(
        (one) =>
          html`<button type="button" ?disabled=${this.#saving !== null} title=${HEAD.saves[one.name]} @click=${() => void this.#save(one)}>${one.name === this.#saving ? HEAD.saving : HEAD.files[one.name]}</button>`,
      )}</div></fieldset>`;
  }

  async #save(one: Export): Promise<void> {
    this.#saving = one.name;
    this.#wrong = null;
    this.requestUpdate();
    try {
      await save(one);
    } catch (error) {
      this.#wrong = HEAD.notSaved(explain(error));
    }
    this.#saving = null;
    this.requestUpdate();
  }

  static override styles = [controls, reportStyles];
}

customElements.define("report-head", ReportHead);
