/** What each section of the page shows, by what of it is open. */

import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Role } from "../wire.ts";
import { comingLines, failedState } from "../look/states.ts";
import { ADMIN, REFUSED } from "../words/admin.ts";
import { PAGES } from "../words/pages.ts";
import { AGENTS as AGENT_WORDS, MANY } from "../words/admin-agents.ts";
import { PLANS } from "../words/admin-plans.ts";
import { SETTINGS } from "../words/admin-settings.ts";
import { AUDIT, ERASURES, REVOCATIONS, SESSIONS, TOKENS } from "../words/admin-lists.ts";
import { LIST, type Place, type Section, SECTIONS, sectionAddress } from "./address.ts";
import "./agents-list.ts";
import type { JsonObject } from "./json.ts";
import type { Directory, Kind } from "./kind.ts";
import { ACTIVITIES } from "./kinds/activities.ts";
import { AGENTS } from "./kinds/agents.ts";
import { CAPACITY } from "./kinds/capacity.ts";
import { PRESENCES } from "./kinds/presences.ts";
import { WEBHOOKS } from "./kinds/webhooks.ts";
import { WORKSTREAMS } from "./kinds/workstreams.ts";
import { AUDIT_LIST, ERASURE_LIST, REVOCATION_LIST, SESSION_LIST, TOKEN_LIST } from "./listings.ts";
import "./make-form.ts";
import type { Making } from "./make-form.ts";
import { NEW_ERASURE, NEW_REVOCATION, NEW_TOKEN } from "./makings.ts";
import "./paged-list.ts";
import type { Listing } from "./paged-list.ts";
import "./record-editor.ts";
import "./record-list.ts";
import "./retire-presence.ts";
import "./settings-page.ts";
import "./webhook-panel.ts";

interface Words {
  readonly title: string;
  readonly lead: string;
  readonly add?: string;
}

/** How a section is shown: records in forms, or a list of what is made and ended. */
type Shown =
  | { readonly as: "records"; readonly kind: Kind; readonly words: Words }
  | { readonly as: "settings"; readonly words: Words }
  | { readonly as: "plans"; readonly words: Words }
  | { readonly as: "list"; readonly listing: Listing<never>; readonly making: Making | null; readonly words: Words };

const records = (kind: Kind): Shown => ({ as: "records", kind, words: kind.words });

const SHOWN: Partial<Record<Section, Shown>> = {
  presences: records(PRESENCES),
  agents: records(AGENTS),
  profiles: records(CAPACITY),
  workstreams: records(WORKSTREAMS),
  activities: records(ACTIVITIES),
  plans: { as: "plans", words: PLANS },
  settings: { as: "settings", words: SETTINGS },
  webhooks: records(WEBHOOKS),
  sessions: { as: "list", listing: SESSION_LIST, making: null, words: SESSIONS },
  tokens: { as: "list", listing: TOKEN_LIST, making: NEW_TOKEN, words: TOKENS },
  revocations: { as: "list", listing: REVOCATION_LIST, making: NEW_REVOCATION, words: REVOCATIONS },
  erasures: { as: "list", listing: ERASURE_LIST, making: NEW_ERASURE, words: ERASURES },
  audit: { as: "list", listing: AUDIT_LIST, making: null, words: AUDIT },
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
  /** The same list, narrowed: a step in the history of the browser. */
  narrow(place: Place): void;
  /** What is open is called by this address from now on, and stays. */
  isAt(place: Place): void;
  isNamed(name: string): void;
  /** Something else is to be shown at the same place. */
  changed(): void;
}

/** Auditors read the audit, and nothing else. */
export function mayOpen(section: Section, roles: readonly Role[]): boolean {
  return section in SHOWN && (roles.includes("admin") || (section === "audit" && roles.includes("auditor")));
}

/** What somebody sees who named none. */
export function firstSection(roles: readonly Role[]): Section {
  return SECTIONS.find((section) => mayOpen(section, roles)) ?? "presences";
}

function action(section: Section, { add }: Words): TemplateResult | null {
  if (section === "plans")
    return html`<a class="button primary" href=${sectionAddress(section, { what: "many" })}>${PLANS.many}</a>`;
  if (add === undefined) return null;
  const many = html`<a class="button" href=${sectionAddress("agents", { what: "many" })}>${AGENT_WORDS.many}</a>`;
  return html`${section === "agents" ? many : nothing}<a class="button primary" href=${sectionAddress(section, { what: "new" })}>${add}</a>`;
}

export function heading({ section, open }: Place): Heading {
  const words = SHOWN[section]?.words ?? PRESENCES.words;
  const crumb = { href: sectionAddress(section), label: words.title };
  switch (open.what) {
    case "list":
      return { title: words.title, lead: words.lead, crumb: null, action: action(section, words) };
    case "many":
      return section === "plans"
        ? { title: PLANS.many, lead: PLANS.manyLead, crumb, action: null }
        : { title: MANY.title, lead: MANY.lead, crumb, action: null };
    case "new":
      return { title: words.add ?? words.title, lead: "", crumb, action: null };
    case "record":
      return { title: open.id, lead: "", crumb, action: null };
  }
}

export function section(place: Place, directory: Directory, opened: number, moves: Moves): TemplateResult {
  const shown = SHOWN[place.section];
  if (shown === undefined) return html``;
  const narrowed = ({ detail }: CustomEvent<Place["narrowing"]>): void => moves.narrow({ ...place, narrowing: detail });
  if (shown.as === "records") return html`${keyed(opened, ofRecords(shown.kind, place, directory, moves, narrowed))}`;
  if (shown.as === "plans") return html`${keyed(opened, plans(place, moves, narrowed))}`;
  if (shown.as === "settings")
    return html`${keyed(opened, html`<settings-page data-open .directory=${directory}></settings-page>`)}`;
  const { listing, making } = shown;
  return html`${keyed(
    opened,
    place.open.what === "new" && making !== null
      ? html`<make-form data-open .making=${making}></make-form>`
      : html`<paged-list data-open .listing=${listing} .narrowing=${place.narrowing} @narrowed=${narrowed}></paged-list>`,
  )}`;
}

function plans(
  { open, narrowing }: Place,
  moves: Moves,
  narrowed: (event: CustomEvent<Place["narrowing"]>) => void,
): TemplateResult {
  if (open.what !== "many") {
    const failed = later("plan-editor", () => import("./plans/plan-editor.ts"), moves);
    return (
      failed ??
      html`<plan-editor data-open .narrowing=${narrowing} @narrowed=${narrowed}>${comingLines(6, ADMIN.loading)}</plan-editor>`
    );
  }
  const failed = later("plans-import", () => import("./plans/plans-import.ts"), moves);
  return failed ?? html`<plans-import data-open>${comingLines(6, ADMIN.loading)}</plans-import>`;
}

/** What few need comes when it is asked for: plans, and the reading of tables, which takes a library. */
let laterFailed = false;

/** What stands there if it does not come; null while it comes or is there. */
function later(element: string, load: () => Promise<unknown>, moves: Moves): TemplateResult | null {
  if (!laterFailed && customElements.get(element) === undefined)
    load().catch(() => {
      laterFailed = true;
      moves.changed();
    });
  if (!laterFailed) return null;
  const again = html`<button @click=${() => location.reload()}>${PAGES.tryAgain}</button>`;
  return failedState(ADMIN.failed, REFUSED.noAnswerRead, again);
}

function ofRecords(
  kind: Kind,
  place: Place,
  directory: Directory,
  moves: Moves,
  narrowed: (event: CustomEvent<Place["narrowing"]>) => void,
): TemplateResult {
  const { open, narrowing } = place;
  const agents = kind === AGENTS;
  if (open.what === "many" && agents) {
    const there = later("agents-many", () => import("./agents-many.ts"), moves);
    return there ?? html`<agents-many data-open .directory=${directory}>${comingLines(6, ADMIN.loading)}</agents-many>`;
  }
  if (open.what === "list" || open.what === "many") {
    return agents
      ? html`<agents-list data-open .directory=${directory} .narrowing=${narrowing} @narrowed=${narrowed}></agents-list>`
      : html`<record-list data-open .kind=${kind} .directory=${directory}></record-list>`;
  }
  const recordId = open.what === "record" ? open.id : null;
  const list: Place = { section: kind.section, open: LIST, narrowing: {} };
  const created = (event: CustomEvent<string>): void =>
    moves.isAt({ ...list, open: { what: "record", id: event.detail } });
  const named = (event: CustomEvent<string>): void => moves.isNamed(event.detail);
  return html`<record-editor data-open .kind=${kind} .directory=${directory} .recordId=${recordId} .more=${more(kind, () => moves.go(list))}
    @created=${created} @named=${named} @deleted=${() => moves.go(list)}></record-editor>`;
}

function more(kind: Kind, deleted: () => void) {
  return (record: JsonObject, tag: string | null, changed: () => void): TemplateResult | typeof nothing => {
    if (kind === WEBHOOKS) return html`<webhook-panel .record=${record} @changed=${changed}></webhook-panel>`;
    if (kind !== PRESENCES || record["builtIn"] === true) return nothing;
    return html`<retire-presence .record=${record} .tag=${tag} @changed=${changed} @deleted=${deleted}></retire-presence>`;
  };
}
