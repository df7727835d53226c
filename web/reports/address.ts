/** What of the reports somebody looks at. It stands in the address, so that a reload and a link lead there. */

import type { Span } from "./spans.ts";

export const SECTIONS = [
  "time",
  "summary",
  "timelines",
  "adherence",
  "incidents",
  "sign-ins",
  "floor",
  "disputes",
] as const;
export type Section = (typeof SECTIONS)[number];

export const SPLITS = ["agent", "team", "quarterHour", "hour", "day"] as const;
/** What has figures of its own. */
export type By = (typeof SPLITS)[number];

export interface Place {
  readonly section: Section;
  readonly span: Span;
  /** Whose hours and days they are, such as `Europe/Berlin`. */
  readonly zone: string;
  readonly by: By;
  /** Of these teams; all that the person may see if none is named. */
  readonly teams: readonly string[];
  /** Of these agents; all of them if none is named. */
  readonly agents: readonly string[];
  /** The agent whose rows are read, or null. */
  readonly agent: string | null;
  /** The column that orders a table, or null. */
  readonly sort: string | null;
  /** The instant of the floor, in milliseconds, or null. */
  readonly at: number | null;
}

const KINDS = ["today", "yesterday", "this-week", "last-week"] as const;

function oneOf<Word extends string>(words: readonly Word[], said: string | null, otherwise: Word): Word {
  return words.find((word) => word === said) ?? otherwise;
}

/** `own` is the zone of whoever looks, which an address need not name. */
export function placeOf(search: string, own: string): Place {
  const query = new URLSearchParams(search);
  const at = Date.parse(query.get("at") ?? "");
  return {
    section: oneOf(SECTIONS, query.get("section"), "time"),
    span: spanOf(query),
    zone: isZone(query.get("tz")) ?? own,
    by: oneOf(SPLITS, query.get("by"), "agent"),
    teams: query.getAll("teams").filter((team) => team !== ""),
    agents: query.getAll("agents").filter((agent) => agent !== ""),
    agent: query.get("agent"),
    sort: query.get("sort"),
    at: Number.isNaN(at) ? null : at,
  };
}

function spanOf(query: URLSearchParams): Span {
  const [day, from, to] = [query.get("day"), query.get("from"), query.get("to")];
  if (from !== null && to !== null) return { kind: "range", from, to };
  if (day !== null) return { kind: "day", day };
  return { kind: oneOf(KINDS, query.get("span"), "today") };
}

/** The zone, if the browser knows one of that name. */
export function isZone(name: string | null): string | null {
  if (name === null) return null;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch {
    return null;
  }
}

/** The query that leads there. What is usual is left out, and a blank is written so that the sign-in brings it back. */
export function addressOf(place: Place, own: string): string {
  const query = new URLSearchParams();
  if (place.section !== "time") query.set("section", place.section);
  const { span } = place;
  if (span.kind === "range") {
    query.set("from", span.from);
    query.set("to", span.to);
  } else if (span.kind === "day") query.set("day", span.day);
  else if (span.kind !== "today") query.set("span", span.kind);
  if (place.zone !== own) query.set("tz", place.zone);
  if (place.by !== "agent") query.set("by", place.by);
  for (const team of place.teams) query.append("teams", team);
  for (const agent of place.agents) query.append("agents", agent);
  if (place.agent !== null) query.set("agent", place.agent);
  if (place.sort !== null) query.set("sort", place.sort);
  if (place.at !== null) query.set("at", new Date(place.at).toISOString());
  return `?${query.toString().replaceAll("+", "%20")}`;
}
