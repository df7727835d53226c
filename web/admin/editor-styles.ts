/** How cards, banners and lists of the page look. */

import { css } from "lit";

export const editorStyles = css`
  :host { display: grid; gap: var(--space-4); min-width: 0; }
  .card {
    display: grid; gap: var(--space-4); min-width: 0; padding: var(--space-5) var(--pad); border: 1px solid var(--line); border-radius: var(--radius-large);
    background: var(--surface); box-shadow: var(--shadow-low);
  }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .space { flex: 1; }
  [role="status"]:empty { display: none; }
  button[aria-disabled="true"] { background: var(--hover); color: var(--text-3); border-color: var(--line); cursor: progress; }
  .banner { align-items: flex-start; }
  .banner .glyph { margin-top: 2px; }
  .banner a { color: inherit; }
  .banner ul { margin: 4px 0 0; padding-left: 20px; }
  .banner > div.grow { display: grid; gap: 6px; }
  .conflict { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .conflict > span { flex: 1 1 220px; overflow-wrap: anywhere; }
`;
