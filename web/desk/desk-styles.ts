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
  .faint { color: var(--text-3); }
  .large { display: flex; align-items: center; gap: 12px; font-size: 28px; line-height: 36px; font-weight: 600; }
  .large svg.presence { width: 28px; height: 28px; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 6px 16px; margin: 0; }
  dt { color: var(--text-3); }
  dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
  .indicator { padding: 4px 12px 4px 6px; }
  .indicator:disabled { color: var(--on-bar); }
  .indicator .name { font-weight: 400; padding-left: 8px; border-left: 1px solid rgb(255 255 255 / 0.4); }
  /* The icons' colours are made for light and dark surfaces, not for the bar. */
  .plate { display: grid; place-items: center; width: 28px; height: 28px; border-radius: 50%; background: var(--surface); }
  .plate svg.presence { width: 20px; height: 20px; }
`;
