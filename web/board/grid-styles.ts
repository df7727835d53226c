/** How the grid looks. */

import { css } from "lit";

export const gridStyles = css`
  :host {
    display: block; overflow: auto; min-height: 0; background: var(--surface);
    border: 1px solid var(--line); border-radius: var(--radius-large); contain: strict;
  }
  [role="grid"] { outline: none; min-width: 100%; }
  [role="row"] { display: grid; align-items: center; height: var(--row); grid-template-columns: 44px var(--columns); border-bottom: 1px solid var(--line); }
  [role="row"] > * { min-width: 0; padding: 0 8px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
  .head { position: sticky; top: 0; z-index: 1; background: var(--surface); }
  .head [role="columnheader"] { position: relative; display: flex; align-items: center; height: 100%; }
  .body { position: relative; }
  .body [role="row"] { position: absolute; left: 0; right: 0; cursor: default; contain: strict; }
  .body [role="row"]:hover { background: var(--hover); }
  .body [role="row"][aria-selected="true"] { background: var(--selected); }
  [role="grid"]:focus-visible .active { outline: 2px solid var(--text); outline-offset: -2px; }
  [role="grid"]:focus-visible:not([aria-activedescendant^="row"]) .head { outline: 2px solid var(--text); outline-offset: -2px; }
  .sort { min-height: 0; height: 100%; padding: 0; border: 0; background: none; justify-content: start; font: 600 var(--caption) var(--font); color: var(--text-2); overflow: hidden; }
  .sort .glyph { width: 12px; height: 12px; }
  [aria-sort="ascending"] .sort, [aria-sort="descending"] .sort { color: var(--text); }
  .edge { position: absolute; inset: 0 0 0 auto; width: 9px; cursor: col-resize; touch-action: none; }
  .edge::after { content: ""; position: absolute; inset: 25% 0 25% auto; width: 1px; background: var(--line); }
  .edge:hover::after, .edge:focus-visible::after { inset: 0 0 0 auto; width: 3px; background: var(--brand); }
  .presence { display: flex; align-items: center; gap: 8px; }
  .presence > span { overflow: hidden; text-overflow: ellipsis; }
  .name { font-weight: 600; }
  .faint { color: var(--text-3); font: var(--caption) var(--font); }
  .since, .next, .work, .sessions, .capacity { font-variant-numeric: tabular-nums; }
  .work, .sessions { text-align: right; padding-right: 24px; }
  .watch { display: inline-block; min-width: 56px; }
  .reason, .setBy, .next { white-space: normal; font: var(--caption) var(--font); max-height: 32px; }
  .capacity { display: flex; align-items: center; gap: 8px; }
  .capacity .gauge-bar { flex: 1; min-width: 24px; }
  .held { color: var(--warning-text); font: 600 var(--caption) var(--font); }
  .tick { display: grid; place-items: center; height: 100%; }
  .box { width: 16px; height: 16px; border: 1px solid var(--line-strong); border-radius: 3px; background: var(--surface); display: grid; place-items: center; }
  [aria-selected="true"] .box { background: var(--brand-fill); border-color: var(--brand-fill); }
  [aria-selected="true"] .box::after { content: ""; width: 9px; height: 5px; border: solid var(--on-brand); border-width: 0 0 2px 2px; rotate: -45deg; translate: 0 -1px; }
  .head [role="columnheader"]:first-child { display: grid; place-items: center; }
  @media (forced-colors: active) {
    .body [role="row"][aria-selected="true"] { outline: 2px solid Highlight; outline-offset: -3px; }
    [aria-selected="true"] .box { background: Highlight; forced-color-adjust: none; }
  }
`;
