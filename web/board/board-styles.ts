/** How the board looks around its grid. */

import { css } from "lit";

export const boardStyles = css`
  :host { display: flex; flex-direction: column; height: 100vh; height: 100dvh; }
  main { flex: 1; min-height: 0; display: flex; flex-direction: column; gap: 12px; padding: 16px; }
  /* Screen readers announce only what appears in a region that was there before. Empty ones take no room. */
  main > :empty { margin-bottom: -12px; }
  agent-grid { flex: 1; min-height: 240px; }
  /* A second sign besides the banner, in the place where people look. */
  agent-grid.stale { border: 2px dashed var(--warning-line); }
  .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
  .tools input { width: 240px; }
  .tools .space { flex: 1; }
  .nobody { padding: 12px 16px; color: var(--text-2); }
  .listed { color: var(--text-3); font-variant-numeric: tabular-nums; padding-left: 8px; }
`;
