/**
 * Where on the page somebody is. It stands in the query of the address, so that a reload, a link and a way back from
 * the sign-in lead there, also where a proxy serves the hub below a path.
 */

export const SECTIONS = [
  "presences",
  "agents",
  "profiles",
  "workstreams",
  "activities",
  "plans",
  "settings",
  "sessions",
  "tokens",
  "revocations",
  "erasures",
  "webhooks",
  "audit",
] as const;
export type Section = (typeof SECTIONS)[number];

export interface Place {
  readonly section: Section;
  /** What of the section is open: the id of a record, or nothing. */
  readonly open: Open;
  /** What narrows a list, by name. */
  readonly narrowing: Readonly<Record<string, string>>;
}

export type Open =
  | { readonly what: "list" }
  | { readonly what: "new" }
  | { readonly what: "many" }
  | { readonly what: "record"; readonly id: string };

export const LIST: Open = { what: "list" };

function isSection(name: string | null): name is Section {
  return SECTIONS.some((section) => section === name);
}

const OWN = ["section", "record", "do"];

/** `first` is the section of an address that names none. */
export function placeOf(search: string, first: Section = "presences"): Place {
  const query = new URLSearchParams(search);
  const named = query.get("section");
  const section = isSection(named) ? named : first;
  const narrowing = Object.fromEntries([...query].filter(([name, value]) => !OWN.includes(name) && value !== ""));
  return { section, open: openIn(query), narrowing };
}

function openIn(query: URLSearchParams): Open {
  const id = query.get("record");
  if (id !== null) return { what: "record", id };
  const deed = query.get("do");
  return deed === "new" || deed === "many" ? { what: deed } : LIST;
}

export function addressOf({ section, open, narrowing }: Place): string {
  const query = new URLSearchParams({ section });
  if (open.what === "record") query.set("record", open.id);
  else if (open.what !== "list") query.set("do", open.what);
  for (const [name, value] of Object.entries(narrowing)) if (value !== "") query.set(name, value);
  // A blank as `+` is no plain address to the sign-in, which leads back here.
  return `?${query.toString().replaceAll("+", "%20")}`;
}

export function sectionAddress(section: Section, open: Open = LIST, narrowing: Place["narrowing"] = {}): string {
  return addressOf({ section, open, narrowing });
}
