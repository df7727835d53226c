/** How the grid looks. */

import { css } from "lit";

export const gridStyles = css`
  :host {
    --row: 40px; display: block; overflow: auto; min-height: 0; background: var(--surface);
    border: 1px solid var(--line); border-radius: 8px; contain: strict;
  }
  [role="grid"] { min-width: 1080px; outline: none; }
  [role="row"] {
    display: grid; align-items: center; height: var(--row);
    grid-template-columns: 44px minmax(190px, 1.5fr) minmax(190px, 1.4fr) 150px minmax(220px, 1.7fr) 130px 112px minmax(110px, 0.8fr);
    border-bottom: 1px solid var(--line);
  }
  [role="row"] > * { padding: 0 10px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
  .head { position: sticky; top: 0; z-index: 1; background: var(--surface); font-weight: 600; }
  .body { position: relative; }
  .window { position: absolute; inset: 0 0 auto; will-change: transform; }
  .body [role="row"] { cursor: default; }
  .body [role="row"]:hover { background: var(--hover); }
  .body [role="row"][aria-selected="true"] { background: var(--selected); }
  [role="grid"]:focus-visible .active { outline: 2px solid var(--text); outline-offset: -2px; }
  [role="grid"]:focus-visible:not([aria-activedescendant^="row"]) .head { outline: 2px solid var(--text); outline-offset: -2px; }
  .sort { min-height: 32px; padding: 0 4px; margin: 0 -4px; border: 0; background: none; justify-content: start; }
  .presence { display: flex; align-items: center; gap: 8px; }
  .name { font-weight: 600; }
  .faint { color: var(--text-3); font-size: 12px; font-weight: 400; }
  .time, .number { font-variant-numeric: tabular-nums; }
  .watch { display: inline-block; min-width: 56px; }
  .held { color: var(--warning-text); font-weight: 600; }
  .tick { display: grid; place-items: center; height: 100%; }
  .box { width: 16px; height: 16px; border: 1px solid var(--line-strong); border-radius: 3px; background: var(--surface); display: grid; place-items: center; }
  [aria-selected="true"] .box { background: var(--brand-fill); border-color: var(--brand-fill); }
  [aria-selected="true"] .box::after { content: ""; width: 9px; height: 5px; border: solid var(--on-brand); border-width: 0 0 2px 2px; rotate: -45deg; translate: 0 -1px; }
  .head [role="columnheader"]:first-child { display: grid; place-items: center; }
`;
