/** The menu in which a supervisor says what they want to be told of. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { emptyRoster, type Roster } from "../client/roster.ts";
import type { BasePresenceStatus } from "../wire.ts";
import { controls } from "../look/controls.ts";
import "../look/drop-down.ts";
import { entered } from "../look/form.ts";
import { icon, iconStyles } from "../look/icon.ts";
import { THRESHOLDS } from "../words/board.ts";
import { STATUS } from "../words/contract.ts";
import { saysThreshold } from "./exceptions.ts";
import { nameOf, type Of, type Threshold } from "./thresholds.ts";
import type { Presence } from "../wire.ts";
import { presenceText } from "../words/indicator.ts";

const STATUSES = Object.keys(STATUS) as readonly BasePresenceStatus[];

export class ThresholdMenu extends LitElement {
  static override properties = {
    thresholds: { attribute: false },
    roster: { attribute: false },
    teams: { attribute: false },
    sound: {},
  };
  declare thresholds: readonly Threshold[];
  declare roster: Roster;
  declare teams: readonly string[];
  declare sound: "on" | "off";

  constructor() {
    super();
    this.thresholds = [];
    this.roster = emptyRoster();
    this.teams = [];
    this.sound = "off";
  }

  #set(thresholds: readonly Threshold[]): void {
    this.dispatchEvent(new CustomEvent("thresholds", { detail: thresholds }));
  }

  #add(event: SubmitEvent): void {
    const text = entered(event);
    const [kind, value = ""] = text("of").split(":");
    const of: Of = kind === "status" ? { status: value as BasePresenceStatus } : { presenceId: value };
    const is = (["fewer", "more", "longer"] as const).find((known) => known === text("is")) ?? "fewer";
    const added: Threshold = { is, than: Number(text("than")), of, team: text("team") || null };
    this.#set([...this.thresholds.filter((other) => nameOf(other) !== nameOf(added)), added]);
  }

  override render(): TemplateResult {
    return html`
      <drop-down label=${THRESHOLDS.menu} glyph="bell" note=${this.thresholds.length === 0 ? "" : this.thresholds.length}>
        ${this.thresholds.length === 0 ? html`<p class="faint">${THRESHOLDS.none}</p>` : nothing}
        <ul>${this.thresholds.map((threshold) => this.#kept(threshold))}</ul>
        <form @submit=${(event: SubmitEvent) => this.#add(event)}>
          <div class="field">
            <label for="is">${THRESHOLDS.is}</label>
            <select id="is" name="is">
              ${(["fewer", "more", "longer"] as const).map((is) => html`<option value=${is}>${THRESHOLDS[is]}</option>`)}
            </select>
          </div>
          <div class="field">
            <label for="than">${THRESHOLDS.than}</label>
            <input id="than" name="than" type="number" min="0" max="100000" step="1" value="3" required />
          </div>
          <div class="field">
            <label for="of">${THRESHOLDS.of}</label>
            <select id="of" name="of">
              ${STATUSES.map((status) => html`<option value=${`status:${status}`}>${STATUS[status]}</option>`)}
              ${this.#others.map((presence) => html`<option value=${`presence:${presence.presenceId}`}>${presenceText(presence)}</option>`)}
            </select>
          </div>
          <div class="field">
            <label for="team">${THRESHOLDS.team}</label>
            <select id="team" name="team">
              <option value="">${THRESHOLDS.allTeams}</option>
              ${this.teams.map((team) => html`<option value=${team}>${team}</option>`)}
            </select>
          </div>
          <button class="primary">${THRESHOLDS.add}</button>
        </form>
        <label class="choice">
          <input type="checkbox" .checked=${this.sound === "on"} @change=${() => this.#turnSound()} />
          ${icon(this.sound === "on" ? "sound" : "silent")} <span>${THRESHOLDS.sound}</span>
        </label>
        <p class="faint caption">${THRESHOLDS.soundMay}</p>
      </drop-down>
    `;
  }

  /** Presences that say more than their base status does. */
  get #others(): readonly Presence[] {
    const said = new Set(Object.values(STATUS));
    return [...this.roster.presences.values()].filter(
      (presence) => presence.enabled && !said.has(presenceText(presence)),
    );
  }

  #kept(threshold: Threshold): TemplateResult {
    const says = saysThreshold(threshold, this.roster);
    const others = this.thresholds.filter((other) => other !== threshold);
    return html`
      <li><span>${says}</span>
        <button class="quiet icon" aria-label=${THRESHOLDS.remove(says)} @click=${() => this.#set(others)}>${icon("close")}</button></li>
    `;
  }

  #turnSound(): void {
    this.dispatchEvent(new CustomEvent("sound", { detail: this.sound === "on" ? "off" : "on" }));
  }

  static override styles = [
    controls,
    iconStyles,
    css`
      :host { display: inline-block; }
      ul { list-style: none; margin: 0 0 8px; padding: 0; }
      li { display: flex; align-items: center; justify-content: space-between; gap: 8px; border-bottom: 1px solid var(--line); }
      form { display: grid; gap: 8px; width: min(320px, calc(100vw - 48px)); margin-bottom: 8px; }
      .caption { font: var(--caption) var(--font); max-width: 40ch; }
    `,
  ];
}

customElements.define("threshold-menu", ThresholdMenu);
