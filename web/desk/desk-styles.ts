/** How the desk looks. */

import { css } from "lit";

export const deskStyles = css`
  :host { display: flex; flex-direction: column; min-height: 100%; }
  main { display: flex; flex-direction: column; gap: 12px; width: min(960px, 100%); margin: 0 auto; padding: 24px 16px; }
  /* Screen readers announce only what appears in a region that was there before. Empty ones take no room. */
  main > :empty { margin-bottom: -12px; }
  .notices { display: grid; gap: 8px; }
  .cards { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); align-items: start; }
  .card {
    display: grid; gap: 12px; padding: 20px 24px; background: var(--surface);
    border: 1px solid var(--line); border-radius: 8px;
  }
  /* A plan that there is not takes no room among the cards. */
  my-plan:not(:has(section)) { display: none; }
  .wide-card { grid-column: 1 / -1; }
  .choice { display: flex; align-items: center; gap: 8px; font-weight: 400; }
  .spans { margin: 8px 0 0; padding-left: 24px; max-height: 240px; overflow: auto; font-variant-numeric: tabular-nums; }
  summary { cursor: pointer; }
  .large { display: flex; align-items: center; gap: 12px; font-size: 28px; line-height: 36px; font-weight: 600; }
  .large svg.presence { width: 28px; height: 28px; }
  .large { overflow-wrap: anywhere; }
  .facts { display: grid; gap: 4px; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
  .facts p:first-child { font-weight: 600; }
  presence-indicator {
    --presence-indicator-surface: var(--raised); --presence-indicator-text: var(--text); --presence-indicator-brand: var(--brand-fill);
    min-width: 0;
  }
`;
