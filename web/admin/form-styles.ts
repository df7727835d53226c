/** How the fields of a form look. */

import { css } from "lit";

export const formStyles = css`
  :host { display: block; min-width: 0; }
  .fields { display: grid; gap: var(--space-4); min-width: 0; }
  .field { display: grid; gap: 4px; min-width: 0; }
  .field > :is(input:not([type="checkbox"]), select, textarea) { width: 100%; max-width: 520px; }
  .field > input.number { width: 160px; }
  textarea { resize: vertical; }
  .optional { color: var(--text-3); font-weight: 400; font-size: 12px; }
  .wrong, .warned { display: flex; gap: 6px; align-items: flex-start; font: var(--caption) var(--font); }
  .warned { padding: 6px 10px; border: 1px solid var(--warning-line); border-radius: var(--radius); background: var(--warning-fill); color: var(--warning-text); max-width: 520px; }
  span[role="status"]:empty { display: none; }
  .choice { align-items: flex-start; padding: 5px 0; }
  .choice input { margin-top: 2px; }
  .choice .hint { display: block; color: var(--text-3); font: var(--caption) var(--font); }
  .within { display: grid; padding-left: 24px; }
  fieldset { display: grid; gap: 2px; justify-items: start; }
  fieldset > .row { width: 100%; max-width: 520px; }
  .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 2px 0; }
  .row .grow { flex: 1 1 160px; min-width: 0; }
  .row .language { width: 84px; }
  .row .number { width: 150px; }
  .row .choice { padding: 0; }
  input[type="color"] { width: 48px; padding: 2px; }
  code { font-size: 12px; }
`;
