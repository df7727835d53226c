/** How the board looks around its grid. */

import { css, type CSSResultGroup } from "lit";
import { barStyles } from "../look/bar.ts";
import { controls } from "../look/controls.ts";
import { iconStyles } from "../look/icon.ts";
import { markStyles } from "../look/marks.ts";
import { presenceIconStyles } from "../look/presence-icon.ts";
import { stateStyles } from "../look/states.ts";
import { exceptionStyles } from "./exceptions.ts";
import { menuStyles } from "./menus.ts";
import { teamStyles } from "./teams.ts";

const boardStyles = css`
  :host { display: flex; flex-direction: column; height: 100vh; height: 100dvh; min-width: 0; }
  main { flex: 1; min-height: 0; display: flex; flex-direction: column; gap: 12px; padding: var(--pad); overflow: auto; }
  /* Screen readers announce only what appears in a region that was there before. Empty ones take no room. */
  main > :empty:not(floor-course, who-may-get) { margin-bottom: -12px; }
  .top { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
  .space { flex: 1; }
  .age { display: inline-flex; align-items: center; gap: 8px; font-variant-numeric: tabular-nums; color: var(--text-2); }
  .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
  .tools > input { width: min(260px, 100%); }
  .tools > input, .tools > facet-menu { min-width: 0; }
  .listed { color: var(--text-3); font-variant-numeric: tabular-nums; }
  .waiting { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; min-height: 28px; color: var(--text-3); font: var(--caption) var(--font); }
  .waiting button { min-height: 24px; padding: 0 8px; font: 600 var(--caption) var(--font); }
  .waiting strong { color: var(--text); }
  .floor { flex: 1; display: flex; gap: 12px; min-height: 280px; min-width: 0; }
  .listing { flex: 1; min-width: 0; display: flex; flex-direction: column; gap: 4px; }
  .listing > agent-grid, .listing > .frame { flex: 1; min-height: 200px; }
  .frame { display: grid; border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--surface); overflow: auto; }
  .frame .coming { align-content: start; }
  /* A second sign besides the banner, in the place where people look. */
  agent-grid.stale { border: 2px dashed var(--warning-line); }
  .name { font-weight: 400; }
  agent-drawer { flex: none; width: min(420px, 100%); }
  @media (max-width: 900px) {
    agent-drawer { position: fixed; inset: 0; z-index: 2; width: auto; }
  }
  @media (max-height: 560px), (max-width: 560px) {
    :host { height: auto; min-height: 100dvh; }
    .floor { min-height: 70vh; }
    .tile { min-width: 84px; flex: 1 1 104px; padding-inline: 8px; }
  }
`;

export const pageStyles: CSSResultGroup = [
  controls,
  iconStyles,
  barStyles,
  markStyles,
  presenceIconStyles,
  stateStyles,
  exceptionStyles,
  menuStyles,
  teamStyles,
  boardStyles,
];
