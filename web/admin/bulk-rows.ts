/** Rows of a table, pasted or from a file, as changes of agents' records. Each mistake is of its row. */

import papaparse from "papaparse";
import { MANY } from "../words/admin-agents.ts";
import type { JsonObject } from "./json.ts";
import type { Directory } from "./kind.ts";

export interface Row {
  /** As a spreadsheet counts: the names of the columns are row 1. */
  readonly row: number;
  readonly agentId: string;
  /** What the row says of the record; what it does not say stays. */
  readonly change: JsonObject;
  readonly mistakes: readonly string[];
}

export interface Table {
  readonly rows: readonly Row[];
  /** About the table as a whole; with `stops` nothing can be done with it. */
  readonly remarks: readonly string[];
  readonly stops: boolean;
}

/** As many as the hub takes at once. */
const MOST_ROWS = 10_000;
const MOST_TEXTS = 50;

/** How columns may be called: without case, blanks and signs. */
const COLUMNS: Readonly<Record<string, keyof typeof READ | "agentId">> = {
  agentid: "agentId",
  id: "agentId",
  agent: "agentId",
  name: "name",
  teams: "teams",
  team: "teams",
  queues: "queues",
  queue: "queues",
  skills: "skills",
  skill: "skills",
  defaultpresence: "defaultPresence",
  defaultpresenceid: "defaultPresence",
  units: "units",
  profiles: "profiles",
  capacityprofiles: "profiles",
  enabled: "enabled",
};

type Reading = { readonly fields: JsonObject } | { readonly mistake: string };

function mistake(text: string): Reading {
  return { mistake: text };
}

function several(cell: string): readonly string[] {
  return [...new Set(cell.split(/[;|]/).map((text) => text.trim()))].filter((text) => text !== "");
}

const MISLEADS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function isText(text: string): boolean {
  return Array.from(text).length <= 256 && !MISLEADS.test(text);
}

function texts(name: string) {
  return (cell: string): Reading => {
    const found = cell === EMPTIED ? [] : several(cell);
    if (found.length > MOST_TEXTS) return mistake(MANY.tooManyTexts);
    return found.every(isText) ? { fields: { [name]: found } } : mistake(MANY.tooLong);
  };
}

/** A cell that empties its field. */
const EMPTIED = "-";

const READ = {
  name: (cell: string): Reading => {
    if (cell === EMPTIED) return { fields: { name: null } };
    return isText(cell) ? { fields: { name: cell } } : mistake(MANY.tooLong);
  },
  teams: texts("teams"),
  queues: texts("queues"),
  skills: texts("skills"),
  units: (cell: string): Reading => {
    if (cell === EMPTIED) return { fields: { units: null } };
    const units = Number(cell);
    return /^\d+$/.test(cell) && units <= 4_294_967_295 ? { fields: { units } } : mistake(MANY.noUnits(cell));
  },
  enabled: (cell: string): Reading => {
    const said = cell.toLowerCase();
    if (["yes", "true", "1", "on", "enabled", "ja"].includes(said)) return { fields: { enabled: true } };
    if (["no", "false", "0", "off", "disabled", "nein"].includes(said)) return { fields: { enabled: false } };
    return mistake(MANY.noTruth(cell));
  },
  defaultPresence,
  profiles,
} satisfies Readonly<Record<string, (cell: string, directory: Directory) => Reading>>;

/** By its id, else by its name or text. */
function defaultPresence(cell: string, { presences }: Directory): Reading {
  if (cell === EMPTIED) return { fields: { defaultPresenceId: null } };
  const said = cell.toLowerCase();
  const byId = presences.find(({ presenceId }) => presenceId === cell);
  const called = presences.filter(({ presenceName, presenceText }) =>
    [presenceName, presenceText ?? ""].some((text) => text.toLowerCase() === said),
  );
  const usable = called.filter(({ enabled }) => enabled);
  const found = byId ?? (usable.length === 1 ? usable[0] : called[0]);
  if (found === undefined) return mistake(MANY.noPresence(cell));
  if (byId === undefined && usable.length > 1) return mistake(MANY.severalPresences(cell));
  if (!found.enabled || found.presenceId === "inactive") return mistake(MANY.presenceNotDefault(cell));
  return { fields: { defaultPresenceId: found.presenceId } };
}

/** `chat:3; mail` */
function profiles(cell: string, directory: Directory): Reading {
  if (cell === EMPTIED) return { fields: { profiles: [] } };
  const found: JsonObject[] = [];
  for (const one of several(cell)) {
    const [, named = one, max] = /^(.*?)(?::\s*([^:]*))?$/.exec(one) ?? [];
    const said = named.trim().toLowerCase();
    const profile =
      directory.profiles.find(({ profileId }) => profileId === named.trim()) ??
      directory.profiles.find(({ name }) => name.toLowerCase() === said);
    if (profile === undefined) return mistake(MANY.noProfile(named.trim()));
    if (max !== undefined && !/^\d{1,9}$/.test(max)) return mistake(MANY.noMax(max));
    found.push({ profileId: profile.profileId, ...(max === undefined ? {} : { max: Number(max) }) });
  }
  return { fields: { profiles: found } };
}

export function tableOf(text: string, directory: Directory): Table {
  const parsed = papaparse.parse(text.replace(/^\uFEFF/, ""), {
    skipEmptyLines: "greedy",
    delimitersToGuess: ["\t", ",", ";"],
  });
  const [head = [], ...cells] = parsed.data;
  if (cells.length === 0) return { rows: [], remarks: [MANY.nothing], stops: true };
  const columns = head.map((name) => COLUMNS[name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")] ?? null);
  const remarks = [
    ...headRemarks(head, columns),
    ...(parsed.errors.some(({ code }) => code === "MissingQuotes") ? [MANY.quote] : []),
  ];
  if (!columns.includes("agentId")) return { rows: [], remarks: [...remarks, MANY.noId], stops: true };
  if (cells.length > MOST_ROWS)
    return { rows: [], remarks: [...remarks, MANY.tooMany(cells.length, MOST_ROWS)], stops: true };
  const rows = cells.map((row, at) => rowOf(row, at + 2, columns, directory));
  return { rows: withoutDoubles(rows), remarks, stops: false };
}

function headRemarks(head: readonly string[], columns: readonly (string | null)[]): readonly string[] {
  return head.flatMap((name, at) => {
    const column = columns[at] ?? null;
    if (column === null) return name.trim() === "" ? [] : [MANY.unknownColumn(name.trim())];
    return columns.indexOf(column) < at ? [MANY.doubleColumn(column)] : [];
  });
}

function rowOf(
  cells: readonly string[],
  row: number,
  columns: readonly ((typeof COLUMNS)[string] | null)[],
  directory: Directory,
): Row {
  const mistakes: string[] = [];
  let change: JsonObject = {};
  let agentId = "";
  if (cells.length > columns.length) mistakes.push(MANY.tooManyCells);
  for (const [at, column] of columns.entries()) {
    const cell = (cells[at] ?? "").trim();
    if (column === null || cell === "") continue;
    if (column === "agentId") {
      agentId = cell;
      continue;
    }
    const reading = READ[column](cell, directory);
    if ("mistake" in reading) mistakes.push(reading.mistake);
    else change = { ...change, ...reading.fields };
  }
  if (agentId === "") mistakes.push(MANY.empty);
  else if (!isText(agentId)) mistakes.push(MANY.tooLong);
  return { row, agentId, change, mistakes };
}

function withoutDoubles(rows: readonly Row[]): readonly Row[] {
  const first = new Map<string, number>();
  return rows.map((one) => {
    const before = first.get(one.agentId);
    if (before !== undefined && one.agentId !== "") return { ...one, mistakes: [...one.mistakes, MANY.twice(before)] };
    first.set(one.agentId, one.row);
    return one;
  });
}
