/** The view as a table in a file: who is listed, in that order, with the columns that are shown. */

import type { Roster } from "../client/roster.ts";
import type { WatchedAgent } from "../wire.ts";
import { COLUMN, GRID, VIEWS } from "../words/board.ts";
import { HOLD } from "../words/contract.ts";
import { type ColumnId, type Layout, shownColumns } from "./columns.ts";
import type { Floor } from "./floor.ts";
import { heldSince } from "./held.ts";
import { next, why } from "./row.ts";

/** `now` is the hub's time, of which the table is. */
export function csv(
  ids: readonly string[],
  { agents, presences }: Roster,
  columns: readonly ColumnId[],
  now: number,
): string {
  const listed = ids.map((id) => agents.get(id)).filter((agent) => agent !== undefined);
  const text = (agent: WatchedAgent, column: ColumnId): string => {
    switch (column) {
      case "agent":
        return agent.name;
      case "presence":
        return presences.get(agent.presenceId)?.presenceText ?? agent.presenceId;
      case "since":
        return heldSince(agent);
      case "next":
        return next(agent, { presences, now });
      case "setBy":
        return why(agent);
      case "reason":
        return agent.reason ?? "";
      case "hold":
        return agent.hold === undefined ? "" : HOLD[agent.hold];
      case "capacity": {
        const units = agent.capacity?.units ?? null;
        return units === null ? "" : GRID.units(units.used, units.reserved, units.max);
      }
      case "work":
        return String(agent.openWorkItems ?? 0);
      case "sessions":
        return String(agent.activeBrowserSessions ?? 0);
      case "teams":
        return (agent.teams ?? []).join(", ");
      case "queues":
        return (agent.queues ?? []).join(", ");
      case "skills":
        return (agent.skills ?? []).join(", ");
    }
  };
  const head = [GRID.id, ...columns.map((column) => COLUMN[column])];
  const rows = listed.map((agent) => [agent.agentId, ...columns.map((column) => text(agent, column))]);
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
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = VIEWS.file(new Date(now).toISOString().slice(0, 16).replace(":", "-"));
  link.click();
  URL.revokeObjectURL(url);
}
