/** How the agent's record looks. */

import { css } from "lit";

export const myRecordStyles = css`
  :host { display: block; grid-column: 1 / -1; min-width: 0; }
  .card { padding: 20px 24px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
  .card[open] { display: grid; gap: 16px; }
  summary { cursor: pointer; }
  summary h2 { display: inline; }
  .days { display: grid; gap: 2px; margin: 12px 0; }
  .day {
    display: grid; grid-template-columns: minmax(136px, max-content) 3fr minmax(200px, 2fr); gap: 4px 16px; justify-content: stretch;
    align-items: center; width: 100%; padding: 6px 8px; border-color: transparent; background: transparent; font-weight: 400; text-align: start; white-space: normal;
  }
  .day[aria-pressed="true"] .name { font-weight: 600; }
  .day .timeline { height: 20px; min-width: 0; }
  .sums { color: var(--text-2); font: var(--caption) var(--font); font-variant-numeric: tabular-nums; }
  .kinds { display: flex; flex-wrap: wrap; gap: 4px 20px; }
  .entries { list-style: none; margin: 12px 0 0; padding: 0; display: grid; gap: 4px; max-height: 480px; overflow: auto; }
  li { display: grid; grid-template-columns: auto 1fr auto auto; gap: 2px 10px; align-items: center; padding: 6px 0; border-top: 1px solid var(--line); }
  .text { font-weight: 600; overflow-wrap: anywhere; }
  .more { grid-column: 2 / -1; overflow-wrap: anywhere; }
  .faint.more { font: var(--caption) var(--font); }
  .said { padding-left: 12px; border-left: 3px solid var(--warning-line); }
  @media (max-width: 640px) {
    .day { grid-template-columns: 1fr; }
  }
`;
