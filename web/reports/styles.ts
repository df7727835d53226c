/** How the sections of the reports look: tables above all. */

import { css } from "lit";

export const reportStyles = css`
  :host { display: grid; gap: var(--space-4); min-width: 0; align-content: start; }
  .scroll { overflow-x: auto; max-width: 100%; border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--surface); }
  table { border-collapse: collapse; width: 100%; }
  table.narrow { width: auto; }
  th, td { padding: 6px 12px; text-align: start; border-bottom: 1px solid var(--line); vertical-align: baseline; }
  tbody tr:last-child > * { border-bottom: 0; }
  tbody tr:hover { background: var(--hover); }
  tfoot > tr > * { border-top: 2px solid var(--line-strong); border-bottom: 0; font-weight: 600; }
  thead th { font: 600 var(--caption) var(--font); color: var(--text-2); white-space: nowrap; }
  thead a:not(.button) { color: inherit; text-decoration: none; display: inline-flex; gap: 4px; align-items: center; }
  thead a:not(.button):hover { text-decoration: underline; }
  tbody th { font-weight: 400; }
  tbody th, .words { overflow-wrap: anywhere; min-width: 22ch; }
  .figure { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .figures { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .strong { font-weight: 600; }
  .bars { width: 30%; min-width: 180px; vertical-align: middle; }
  svg.presence { vertical-align: -3px; }
  .stack { display: block; width: 100%; height: 12px; border-radius: 3px; }
  .stack .ground { fill: var(--hover); }
  .stack .AVAILABLE, .stack .in { fill: var(--available); }
  .stack .BUSY { fill: var(--busy); }
  .stack .BUSY_DO_NOT_DISTURB, .stack .out { fill: var(--do-not-disturb); }
  .stack .AWAY { fill: var(--away); }
  .stack .OFFLINE, .stack .excused { fill: var(--offline); }
  .head { display: flex; flex-wrap: wrap; gap: 12px 16px; align-items: end; }
  .head input { width: 100%; min-width: 0; }
  .head legend { margin-bottom: 4px; }
  .head .field { min-width: min(150px, 100%); }
  @media (max-width: 600px) {
    .head { display: grid; grid-template-columns: 1fr 1fr; }
    .head .field { min-width: 0; }
    .head fieldset.field { grid-column: 1 / -1; }
    .head select { width: 100%; }
  }
  tr[aria-current] td { background: var(--selected); font-weight: 600; }
  .split { display: flex; flex-wrap: wrap; gap: 4px; }
  .wrong { color: var(--danger-text); }
  .wrong:empty { display: none; }
  .said { margin-top: 4px; padding-left: 8px; border-left: 3px solid var(--warning-line); }
  .ends { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; }
  .bands { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
  .bands li { display: grid; grid-template-columns: minmax(100px, 180px) 1fr; gap: 12px; align-items: center; }
  .bands .who { overflow-wrap: anywhere; }
  .bands .timeline { height: 28px; }
  .pages { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .tiles { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 8px; }
  .tiles > li, .tile { display: grid; grid-template-columns: auto 1fr; gap: 0 8px; align-items: center; justify-items: start; padding: 8px 16px; min-width: 120px; border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--surface); font-weight: 400; }
  .tiles strong { font: 600 var(--title) var(--font); }
  .tiles > li { grid-template-columns: 1fr; }
  .tile > span { grid-column: 1 / -1; }
  .player { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
  .player input[type="range"] { flex: 1 1 240px; padding: 0; accent-color: var(--brand-fill); border: 0; background: transparent; }
  .player .large { font: 600 var(--title) var(--font); }
  .mark { font-weight: 600; }
  .mark.OUT { color: var(--danger-text); }
  .mark.IN, .mark.TOLERATED { color: var(--good-text); }
  .mark.EXCUSED { color: var(--text-3); }
  button.link { padding: 0 4px; min-height: 24px; color: var(--brand-text); text-decoration: underline; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 8px 0 0; }
  dt { font-weight: 600; }
  dd { margin: 0; }
  summary { cursor: pointer; }
  @media (max-width: 640px) {
    .bands li { grid-template-columns: 1fr; gap: 2px; }
    dl { grid-template-columns: 1fr; }
  }
  @media (forced-colors: active) {
    .stack .ground { fill: Canvas; stroke: CanvasText; }
    .stack rect:not(.ground) { fill: CanvasText; }
    .stack .AWAY, .stack .OFFLINE, .stack .excused { fill: GrayText; }
  }
`;
