/** The view as a table in a file: who is listed, in that order, with the columns that are shown. */

import { saveFile } from "../look/save-file.ts";
import type { Roster } from "../client/roster.ts";
import { COLUMN, GRID, VIEWS } from "../words/board.ts";
import { cellText } from "./cell-text.ts";
import { type ColumnId, type Layout, shownColumns } from "./columns.ts";
import type { Floor } from "./floor.ts";

/** `now` is the hub's time, of which the table is. */
export function csv(
  ids: readonly string[],
  { agents, presences }: Roster,
  columns: readonly ColumnId[],
  now: number,
): string {
  const listed = ids.map((id) => agents.get(id)).filter((agent) => agent !== undefined);
  const head = [GRID.id, ...columns.map((column) => COLUMN[column])];
  const rows = listed.map((agent) => [
    agent.agentId,
    ...columns.map((column) => cellText(column, agent, { presences, now })),
  ]);
  return [head, ...rows].map((fields) => fields.map(field).join(",")).join("\r\n");
}

/** A spreadsheet computes what begins so, and names and reasons are what people typed. */
const COMPUTED = /^\s*[=+\-@＝＋－＠]|^[\t\r]/;

function field(text: string): string {
  const guarded = COMPUTED.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Hands the view to the browser as a file, named by the instant that it is of. */
export function downloadView(
  { roster, asOf }: Pick<Floor, "roster" | "asOf">,
  ids: readonly string[],
  layout: Layout,
): void {
  const now = asOf ?? 0;
  const text = csv(ids, roster, shownColumns(layout), now);
  // With the mark by which spreadsheets know the encoding.
  const content = new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" });
  saveFile(content, VIEWS.file(new Date(now).toISOString().slice(0, 16).replace(":", "-")));
}
