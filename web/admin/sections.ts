/** What each section of the page shows, by what of it is open. */

import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Role } from "../wire.ts";
import { LIST, type Place, type Section, sectionAddress } from "./address.ts";
import type { JsonObject } from "./json.ts";
import type { Directory, Kind } from "./kind.ts";
import { ACTIVITIES } from "./kinds/activities.ts";
import { CAPACITY } from "./kinds/capacity.ts";
import { PRESENCES } from "./kinds/presences.ts";
import { WORKSTREAMS } from "./kinds/workstreams.ts";
import "./record-editor.ts";
import "./record-list.ts";
import "./retire-presence.ts";

const KINDS: Partial<Record<Section, Kind>> = {
  presences: PRESENCES,
  profiles: CAPACITY,
  workstreams: WORKSTREAMS,
  activities: ACTIVITIES,
};

export interface Heading {
  readonly title: string;
  readonly lead: string;
  /** The way back to the list. */
  readonly crumb: { readonly href: string; readonly label: string } | null;
  readonly action: TemplateResult | null;
}

/** How what is open moves on. */
export interface Moves {
  go(place: Place): void;
  /** What is open is called by this address from now on, and stays. */
  isAt(place: Place): void;
  isNamed(name: string): void;
}

/** Auditors read the audit, and nothing else. */
export function mayOpen(section: Section, roles: readonly Role[]): boolean {
  return section in KINDS && roles.includes("admin");
}

export function heading({ section, open }: Place): Heading {
  const { words } = KINDS[section] ?? PRESENCES;
  const crumb = open.what === "list" ? null : { href: sectionAddress(section), label: words.title };
  switch (open.what) {
    case "list":
    case "many":
      return {
        title: words.title,
        lead: words.lead,
        crumb,
        action: html`<a class="button primary" href=${sectionAddress(section, { what: "new" })}>${words.add}</a>`,
      };
    case "new":
      return { title: words.add, lead: "", crumb, action: null };
    case "record":
      return { title: open.id, lead: "", crumb, action: null };
  }
}

export function section(place: Place, directory: Directory, opened: number, moves: Moves): TemplateResult {
  const kind = KINDS[place.section];
  return kind === undefined ? html`` : records(kind, place, directory, opened, moves);
}

function records(kind: Kind, { open }: Place, directory: Directory, opened: number, moves: Moves): TemplateResult {
  if (open.what === "list" || open.what === "many") {
    return html`${keyed(opened, html`<record-list data-open .kind=${kind} .directory=${directory}></record-list>`)}`;
  }
  const recordId = open.what === "record" ? open.id : null;
  const list: Place = { section: kind.section, open: LIST, narrowing: {} };
  const created = (event: CustomEvent<string>): void =>
    moves.isAt({ ...list, open: { what: "record", id: event.detail } });
  return html`${keyed(
    opened,
    html`<record-editor data-open .kind=${kind} .directory=${directory} .recordId=${recordId} .more=${more(kind, () => moves.go(list))}
      @created=${created} @named=${(event: CustomEvent<string>) => moves.isNamed(event.detail)} @deleted=${() => moves.go(list)}></record-editor>`,
  )}`;
}

function more(kind: Kind, deleted: () => void) {
  return (record: JsonObject, tag: string | null, changed: () => void): TemplateResult | typeof nothing => {
    if (kind.section !== "presences" || record["builtIn"] === true) return nothing;
    return html`<retire-presence .record=${record} .tag=${tag} @changed=${changed} @deleted=${deleted}></retire-presence>`;
  };
}
