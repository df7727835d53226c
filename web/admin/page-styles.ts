/** How the page is laid out around its sections. */

import { css } from "lit";

export const pageStyles = css`
  :host { display: flex; flex-direction: column; min-height: 100vh; min-height: 100dvh; }
  .bar .who { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 12px; }
  .body { flex: 1; display: grid; grid-template-columns: 232px minmax(0, 1fr); }
  nav { padding: var(--space-4) var(--space-2); border-right: 1px solid var(--line); background: var(--surface); }
  nav ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 2px; position: sticky; top: var(--space-4); }
  nav h2 { padding: var(--space-3) var(--space-3) var(--space-1); color: var(--text-3); font: 600 var(--caption) var(--font); }
  nav a:not(.button) { display: block; padding: 6px 12px; border-radius: var(--radius); color: var(--text); text-decoration: none; border-left: 3px solid transparent; }
  nav a:hover { background: var(--hover); }
  nav a[aria-current] { background: var(--selected); border-left-color: var(--brand); font-weight: 600; }
  main { padding: var(--space-5); min-width: 0; display: grid; align-content: start; gap: var(--space-4); container-type: inline-size; }
  main > * { min-width: 0; }
  main.narrow > * { max-width: 760px; }
  .head { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; }
  .head > div { flex: 1 1 300px; min-width: 0; display: grid; gap: 4px; }
  .head h1:focus { outline: none; }
  .head p { color: var(--text-2); max-width: 76ch; }
  .crumb { font: var(--caption) var(--font); }
  .whole { display: grid; place-items: center; min-height: 60vh; }
  @media (max-width: 800px) {
    .body { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 1fr; }
    nav { border-right: 0; border-bottom: 1px solid var(--line); padding: var(--space-2); }
    nav ul { display: flex; flex-wrap: wrap; position: static; }
    nav h2 { display: none; }
    nav a:not(.button) { padding: 4px 10px; border-left: 0; border-bottom: 2px solid transparent; }
    nav a[aria-current] { border-bottom-color: var(--brand); }
    main { padding: var(--space-4); }
    .bar .who { display: none; }
  }
  @media (forced-colors: active) { nav a[aria-current] { forced-color-adjust: none; background: Highlight; color: HighlightText; } }
`;
