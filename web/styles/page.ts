/**
 * Every component of the pages in all of its states, for whoever builds them: `npm run dev`, then `/styles`. It is not
 * part of the hub. `tests/browser/components/styles.test.mjs` compares its pictures.
 */

/// <reference types="vite/client" />

import "../look/page.css";
import { css, html, LitElement, type TemplateResult } from "lit";
import type { ChartMark } from "../look/chart.ts";
import "../look/chart.ts";
import { controls } from "../look/controls.ts";
import type { CountStep } from "../look/counts.ts";
import "../look/drop-down.ts";
import { icon, ICONS, iconStyles } from "../look/icon.ts";
import { badge, gauge, markStyles, type Mood, tile } from "../look/marks.ts";
import { presenceIcon, presenceIconStyles } from "../look/presence-icon.ts";
import type { ShownStatus } from "../look/presence-marks.ts";
import { comingLines, emptyState, failedState, stateStyles, toast } from "../look/states.ts";
import { type Span, timeline, timelineStyles } from "../look/timeline.ts";
import { STATUS } from "../words/contract.ts";
import "./grid-specimen.ts";

const MOODS: readonly Mood[] = ["plain", "good", "note", "warning", "danger"];
const STATUSES: readonly ShownStatus[] = [...(Object.keys(STATUS) as (keyof typeof STATUS)[]), "UNKNOWN"];
const GROUNDS = ["canvas", "surface", "raised", "hover", "selected", "bar"];
const HOUR = 3_600_000;
const MIDNIGHT = Date.parse("2026-03-02T00:00:00.000Z");
const DAY: readonly Span[] = [
  { hours: [0, 8], status: "OFFLINE" },
  { hours: [8, 9.5], status: "AVAILABLE" },
  { hours: [9.5, 11], status: "BUSY" },
  { hours: [11, 11.25], status: "BUSY_DO_NOT_DISTURB" },
  { hours: [11.25, 12], status: "AVAILABLE" },
  { hours: [12, 13], status: "AWAY" },
  { hours: [13, 17], status: "AVAILABLE" },
].map(({ hours: [from = 0, to = 0], status }) => ({
  start: MIDNIGHT + from * HOUR,
  end: MIDNIGHT + to * HOUR,
  status: status as keyof typeof STATUS,
  says: status,
}));
/** A day of a floor of forty, whose network is lost at noon. */
const COUNTED: readonly CountStep[] = Array.from({ length: 24 }, (_, hour) => {
  const there = Math.max(0, 36 - 2 * Math.abs(hour - 13) ** 1.4);
  const [busy, full] = [there * 0.4, there * 0.15];
  const lost = hour === 12 ? there * 0.3 : 0;
  const counts = {
    AVAILABLE: there * 0.35 - lost,
    BUSY: busy,
    BUSY_DO_NOT_DISTURB: full,
    AWAY: there * 0.1,
    OFFLINE: 40 - there + lost,
  };
  return { start: MIDNIGHT + hour * HOUR, end: MIDNIGHT + (hour + 1) * HOUR, counts };
});
const MARKED: readonly ChartMark[] = [{ at: MIDNIGHT + 12.2 * HOUR, says: "network lost, 12 agents" }];
const nothingHappens = (): void => undefined;

function specimen(name: string, ...shown: readonly TemplateResult[]): TemplateResult {
  return html`<section data-specimen=${name}><h2>${name}</h2><div class="shown">${shown}</div></section>`;
}

class StylesPage extends LitElement {
  readonly #specimens = [
    specimen(
      "Type",
      ...["display", "title", "lead", "body", "caption"].map((size) => html`<p class=${size}>${size} 0123456789</p>`),
      html`<p class="faint">faint</p>`,
      html`<p><a href="#type">a link</a></p>`,
    ),
    specimen("Grounds", ...GROUNDS.map((ground) => html`<div class="swatch ${ground}">${ground}</div>`)),
    specimen(
      "Button",
      html`<button>Button</button>`,
      html`<button class="primary">Primary</button>`,
      html`<button class="quiet">Quiet</button>`,
      html`<button class="danger">Danger</button>`,
      html`<button aria-pressed="true">Pressed</button>`,
      html`<button disabled>Disabled</button>`,
      html`<button class="primary" disabled>Disabled</button>`,
      html`<button class="icon" aria-label="Close">${icon("close")}</button>`,
      html`<a class="button" href="#button">Link</a>`,
    ),
    specimen(
      "Field",
      html`<div class="field"><label for="name">Name</label><input id="name" value="Ada Lindqvist" /></div>`,
      html`<div class="field"><label for="reason">Reason</label><input id="reason" placeholder="Nothing yet" /><span class="hint">The agent sees it.</span></div>`,
      html`<div class="field"><label for="wrong">Minutes</label><input id="wrong" value="0" aria-invalid="true" aria-describedby="why" /><span class="wrong" id="why">At least 1.</span></div>`,
      html`<div class="field"><label for="off">Disabled</label><input id="off" disabled value="kept" /></div>`,
      html`<div class="field"><label for="team">Team</label><select id="team"><option>billing</option></select></div>`,
      html`<label class="choice"><input type="checkbox" checked /> Checked</label>`,
      html`<label class="choice"><input type="radio" name="one" checked /> Chosen</label>`,
    ),
    specimen(
      "Presence",
      ...STATUSES.map((status) => html`<span class="pair">${presenceIcon(status)} ${status}</span>`),
    ),
    specimen("Icon", ...ICONS.map((name) => html`<span class="pair">${icon(name)} ${name}</span>`)),
    specimen("Badge", ...MOODS.map((mood) => badge(mood, mood))),
    specimen(
      "Tile",
      tile({ label: "Available", count: 1_204, mark: presenceIcon("AVAILABLE"), pressed: false }, nothingHappens),
      tile({ label: "Busy", count: 31, mark: presenceIcon("BUSY"), pressed: true, note: "of 120" }, nothingHappens),
      tile({ label: "Unknown", count: null, pressed: false }, nothingHappens),
      tile({ label: "Too few", count: 2, mood: "warning", pressed: false, note: "fewer than 3" }, nothingHappens),
      tile({ label: "Inactive", count: 5, mood: "danger", pressed: false }, nothingHappens),
    ),
    specimen(
      "Bar",
      ...[
        [0, 0, 100],
        [40, 20, 100],
        [100, 0, 100],
        [120, 0, 100],
      ].map(
        ([used = 0, reserved = 0, max = 0]) =>
          html`<div class="narrow">${gauge({ label: `${used} and ${reserved} of ${max}`, used, reserved, max })}</div>`,
      ),
    ),
    specimen("Timeline", timeline(DAY, MIDNIGHT, MIDNIGHT + 24 * HOUR, "A day")),
    specimen("Chart", html`<ph-chart label="A day" zone="UTC" .steps=${COUNTED} .marks=${MARKED}></ph-chart>`),
    specimen(
      "Banner",
      ...["", "good", "warning", "danger"].map(
        (mood) =>
          html`<p class="banner ${mood}"><span class="grow">What there is to say.</span><button>Do it</button></p>`,
      ),
    ),
    specimen(
      "Menu",
      html`<drop-down label="Team"><label class="choice"><input type="checkbox" /> billing</label></drop-down>`,
      html`<drop-down label="Team" note="billing" set><label class="choice"><input type="checkbox" checked /> billing</label></drop-down>`,
      html`<drop-down label="Columns" glyph="columns"><button class="quiet">Widths as they were</button></drop-down>`,
    ),
    specimen(
      "Dialog",
      html`<dialog open aria-label="Dialog">
        <form><h2>A question</h2><p>What it is about.</p>
        <div class="actions"><button class="primary">Do it</button><button>Cancel</button></div></form>
      </dialog>`,
    ),
    specimen(
      "Drawer",
      html`<aside class="drawer" aria-label="Drawer">
        <header><h2>Ada Lindqvist</h2><button class="quiet icon" aria-label="Close">${icon("close")}</button></header>
        <section><h3>Today</h3>${timeline(DAY, MIDNIGHT, MIDNIGHT + 24 * HOUR, "A day, narrow")}</section>
        <section><h3>Work</h3><p class="faint">None.</p></section>
      </aside>`,
    ),
    specimen("Toast", toast("The view is saved.", { says: "Put away", act: nothingHappens })),
    specimen(
      "States",
      html`<div class="card">${comingLines(3, "Loading")}</div>`,
      html`<div class="card">${emptyState("Nobody yet", "An agent appears here when they first sign in.")}</div>`,
      html`<div class="card">${failedState("It did not come", "There was no answer.", html`<button>Try again</button>`)}</div>`,
    ),
    specimen("Grid", html`<grid-specimen></grid-specimen>`),
  ];

  override render(): TemplateResult {
    return html`<main><h1>Styles</h1>${this.#specimens}</main>`;
  }

  static override styles = [
    controls,
    iconStyles,
    markStyles,
    presenceIconStyles,
    stateStyles,
    timelineStyles,
    css`
      main { display: grid; gap: var(--space-5); max-width: 1100px; margin: 0 auto; padding: var(--space-5) var(--pad); }
      section[data-specimen] { display: grid; gap: var(--space-2); min-width: 0; }
      .shown { display: flex; flex-wrap: wrap; align-items: start; gap: var(--space-3); min-width: 0; }
      .display { font: 600 var(--display) var(--font); } .title { font: 600 var(--title) var(--font); }
      .lead { font: var(--lead) var(--font); } .caption { font: var(--caption) var(--font); }
      .swatch { padding: var(--space-3); border: 1px solid var(--line); border-radius: var(--radius); }
      .canvas { background: var(--canvas); } .surface { background: var(--surface); } .raised { background: var(--raised); }
      .hover { background: var(--hover); } .selected { background: var(--selected); } .bar { background: var(--bar); color: var(--on-bar); }
      .pair { display: inline-flex; align-items: center; gap: 6px; }
      .narrow { width: 120px; }
      .shown > dialog { position: static; margin: 0; width: min(320px, 100%); }
      form { display: grid; gap: var(--space-3); }
      .actions { display: flex; gap: var(--space-2); justify-content: flex-end; }
      .card { flex: 1 1 260px; border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--surface); }
      .shown > .timeline, .shown > .banner { flex: 1 1 320px; }
      .shown > ph-chart { flex: 1 1 100%; }
      grid-specimen { flex: 1 1 100%; min-width: 0; }
    `,
  ];
}

customElements.define("styles-page", StylesPage);
