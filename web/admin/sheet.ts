/** A table of records. Where it is narrow each row becomes a card; the roles are said, for some browsers take them away then. */

import { css, html, type TemplateResult } from "lit";

export interface SheetColumn<T> {
  readonly label: string;
  readonly cell: (row: T) => TemplateResult | string;
  /** For figures and times. */
  readonly figures?: boolean;
}

export function sheet<T>(caption: string, columns: readonly SheetColumn<T>[], rows: readonly T[]): TemplateResult {
  return html`
    <table class="sheet" role="table" aria-label=${caption}>
      <thead role="rowgroup"><tr role="row">${columns.map(({ label }) => html`<th role="columnheader" scope="col">${label}</th>`)}</tr></thead>
      <tbody role="rowgroup">
        ${rows.map(
          (row) =>
            html`<tr role="row">${columns.map(
              ({ label, cell, figures }) =>
                html`<td role="cell" data-label=${label} class=${figures === true ? "figures" : ""}>${cell(row)}</td>`,
            )}</tr>`,
        )}
      </tbody>
    </table>
  `;
}

export const sheetStyles = css`
  .sheet { width: 100%; border-collapse: collapse; background: var(--surface); }
  .sheet th { padding: 8px var(--pad); text-align: left; font: 600 var(--caption) var(--font); color: var(--text-3); border-bottom: 1px solid var(--line); white-space: nowrap; }
  .sheet td { padding: 6px var(--pad); height: var(--row); border-bottom: 1px solid var(--line); vertical-align: middle; overflow-wrap: anywhere; min-width: 10ch; }
  .sheet tr:last-child td { border-bottom: 0; }
  .sheet tbody tr:hover td { background: var(--hover); }
  .sheet td .pair { display: inline-flex; align-items: center; gap: 8px; }
  .sheet td .badges { display: flex; flex-wrap: wrap; gap: 4px; }
  .sheet-frame { border: 1px solid var(--line); border-radius: var(--radius-large); background: var(--surface); box-shadow: var(--shadow-low); overflow: clip; min-width: 0; }
  @container (max-width: 760px) {
    .sheet, .sheet tbody, .sheet tr, .sheet td { display: block; }
    .sheet thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .sheet tr { padding: 8px var(--pad); border-bottom: 1px solid var(--line); }
    .sheet td { min-width: 0; display: grid; grid-template-columns: minmax(80px, 34%) 1fr; gap: 8px; height: auto; padding: 3px 0; border: 0; align-items: start; justify-items: start; }
    .sheet td::before { content: attr(data-label); color: var(--text-3); font: var(--caption) var(--font); padding-top: 2px; }
    .sheet td:empty { display: none; }
  }
`;
