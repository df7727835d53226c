/** The navigation bar that every page wears. */

import { css, html, type TemplateResult } from "lit";
import type { Link } from "../client/link.ts";
import { PAGES } from "../words/pages.ts";
import { linkWords } from "./link-words.ts";

export function bar(page: string, link: Link, right: TemplateResult): TemplateResult {
  return html`
    <header class="bar">
      <a class="home" href="./">${PAGES.hub}</a>
      <span class="page">${page}</span>
      <span class="space"></span>
      ${linkMark(link)} ${right}
    </header>
  `;
}

function linkMark(link: Link): TemplateResult {
  const { short, long } = linkWords(link);
  const mood = link.phase === "ended" ? "bad" : long === null ? "good" : "doubtful";
  return html`<span class="link ${mood}" role="status"><span class="dot" aria-hidden="true"></span>${short}</span>`;
}

export const barStyles = css`
  .bar {
    display: flex; align-items: center; gap: 4px 12px; min-height: 48px; padding: 0 16px; flex: none;
    background: var(--bar); color: var(--on-bar);
  }
  .bar :focus-visible { outline-color: var(--on-bar); outline-offset: -2px; }
  .bar .home { color: var(--on-bar); font-weight: 600; font-size: 16px; text-decoration: none; white-space: nowrap; }
  .bar .page { padding-left: 12px; border-left: 1px solid var(--bar-line); white-space: nowrap; }
  .bar .other { color: var(--on-bar); white-space: nowrap; }
  .bar .space { flex: 1; }
  .bar button { background: transparent; border-color: transparent; color: var(--on-bar); min-height: 40px; }
  .bar button:hover { background: var(--bar-hover); }
  .bar .link { display: inline-flex; align-items: center; gap: 6px; font-size: 12px; white-space: nowrap; }
  .bar .dot { width: 8px; height: 8px; border-radius: 50%; background: var(--bar-good); }
  .bar .link.doubtful .dot { background: transparent; border: 2px solid var(--bar-doubtful); }
  .bar .link.bad .dot { background: var(--bar-bad); border-radius: 0; }
  @media (max-width: 560px) {
    .bar .page, .bar .wide { display: none; }
    /* The dot alone says that all is well; only trouble needs its words. */
    .bar .link.good { font-size: 0; }
  }
  @media (max-width: 420px) {
    .bar { padding: 0 8px; gap: 4px 8px; }
    .bar button { padding-inline: 8px; }
    /* An agent's own presence comes before the way to the first page. */
    .bar:has(presence-indicator) .home { display: none; }
  }
`;
