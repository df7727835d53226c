/** Small things that say how much there is of something, or how it stands. Each says it by shape and word, not by colour alone. */

import { css, html, nothing, svg, type TemplateResult } from "lit";
import { icon } from "./icon.ts";

export type Mood = "plain" | "good" | "note" | "warning" | "danger";

export function badge(mood: Mood, text: string): TemplateResult {
  return html`<span class="badge ${mood}">${mood === "plain" ? nothing : icon(mood)}${text}</span>`;
}

export interface Tile {
  readonly label: string;
  /** Null while it is not known: nothing is counted as none. */
  readonly count: number | null;
  readonly mark?: TemplateResult;
  readonly mood?: Mood;
  readonly pressed: boolean;
  /** One more line, such as how many there are of all. */
  readonly note?: string;
}

/** A count that narrows what is shown when it is pressed. */
export function tile({ label, count, mark, mood, pressed, note }: Tile, press: () => void): TemplateResult {
  return html`
    <button class="tile ${mood ?? "plain"}" aria-pressed=${pressed ? "true" : "false"} @click=${press}>
      <span class="tile-label">${mark ?? nothing}<span>${label}</span></span>
      <strong class="tile-count">${count ?? "–"}</strong>
      ${note === undefined ? nothing : html`<span class="tile-note">${note}</span>`}
    </button>
  `;
}

export interface Gauge {
  readonly label: string;
  readonly used: number;
  readonly reserved: number;
  readonly max: number;
}

/** A bar of what is taken: solid what is used, striped what is reserved, and beyond the end what is too much. */
export function gauge({ label, used, reserved, max }: Gauge): TemplateResult {
  const share = (amount: number): number => (max <= 0 ? 0 : Math.min(1, Math.max(0, amount / max)) * 100);
  const full = used + reserved >= max;
  return html`
    <svg class="gauge-bar ${full ? "full" : ""}" role="img" aria-label=${label} viewBox="0 0 100 8" preserveAspectRatio="none">
      <rect class="ground" width="100" height="8"/>
      <rect class="reserved" width=${share(used + reserved)} height="8"/>
      <rect class="used" width=${share(used)} height="8"/>
      ${used > max ? svg`<rect class="over" x="94" width="6" height="8"/>` : nothing}
    </svg>
  `;
}

export const markStyles = css`
  .badge {
    display: inline-flex; align-items: center; gap: 4px; padding: 1px 8px; border: 1px solid var(--line); border-radius: 10px;
    background: var(--surface); color: var(--text-2); font: 600 var(--caption) var(--font); white-space: nowrap;
  }
  .badge .glyph { width: 12px; height: 12px; stroke-width: 1.8; }
  .badge.good { background: var(--good-fill); border-color: var(--good-line); color: var(--good-text); }
  .badge.note { background: var(--note-fill); border-color: var(--note-line); color: var(--note-text); }
  .badge.warning { background: var(--warning-fill); border-color: var(--warning-line); color: var(--warning-text); }
  .badge.danger { background: var(--danger-fill); border-color: var(--danger-line); color: var(--danger-text); }

  .tiles { display: flex; flex-wrap: wrap; gap: var(--space-2); }
  .tile {
    display: grid; justify-content: start; justify-items: start; align-content: start; gap: 0; min-width: 104px; min-height: 0; padding: calc(var(--pad) / 2) 12px;
    border-color: var(--line); border-radius: var(--radius-large); font-weight: 400; text-align: left; white-space: normal; box-shadow: var(--shadow-low);
  }
  .tile-label { display: flex; align-items: center; gap: 6px; color: var(--text-2); font: var(--caption) var(--font); }
  .tile-label svg { width: 12px; height: 12px; }
  .tile-count { font: 600 var(--display) var(--font); font-variant-numeric: tabular-nums; }
  .tile-note { color: var(--text-3); font: var(--caption) var(--font); font-variant-numeric: tabular-nums; }
  .tile[aria-pressed="true"] { box-shadow: inset 0 0 0 1px var(--brand); }
  .tile.warning { border-color: var(--warning-line); background: var(--warning-fill); color: var(--warning-text); }
  .tile.danger { border-color: var(--danger-line); background: var(--danger-fill); color: var(--danger-text); }
  @media (forced-colors: active) { .tile[aria-pressed="true"] > * { color: inherit; } }
  .tile.warning > *, .tile.danger > * { color: inherit; }

  .gauge-bar { display: block; width: 100%; height: 8px; border-radius: 4px; overflow: hidden; }
  .gauge-bar .ground { fill: var(--line); }
  .gauge-bar .used { fill: var(--brand); }
  .gauge-bar .reserved { fill: var(--brand); opacity: 0.45; }
  .gauge-bar.full .used { fill: var(--warning-line); }
  .gauge-bar.full .reserved { fill: var(--warning-line); }
  .gauge-bar .over { fill: var(--danger-line); }
  @media (forced-colors: active) {
    .gauge-bar { border: 1px solid CanvasText; }
    .gauge-bar .ground { fill: Canvas; } .gauge-bar .used, .gauge-bar .over { fill: CanvasText; } .gauge-bar .reserved { fill: GrayText; opacity: 1; }
  }
`;
