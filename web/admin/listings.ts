/** Sessions, API tokens, revocations, erasures and the audit, as lists. */

import { html, nothing, type TemplateResult } from "lit";
import { badge } from "../look/marks.ts";
import type { ApiToken, AuditAction, AuditEntry, Erasure, PageSession, Revocation } from "../wire.ts";
import { ROLES } from "../words/admin.ts";
import { AUDIT, AUDIT_ACTIONS, ERASURES, REVOCATIONS, SESSIONS, TOKENS } from "../words/admin-lists.ts";
import { LOCALE } from "../words/language.ts";
import { sectionAddress } from "./address.ts";
import { recordPath } from "./hub.ts";
import type { Json } from "./json.ts";
import type { Listing } from "./paged-list.ts";
import { spoken } from "./spoken.ts";

const WHEN = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });
const EXACTLY = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "medium" });

function when(instant: string | undefined): string {
  return instant === undefined ? SESSIONS.never : WHEN.format(new Date(instant));
}

function rolesAndTeams({ roles, teams }: Pick<ApiToken, "roles" | "teams">): TemplateResult {
  return html`<span class="badges">${roles.map((role) => badge("plain", ROLES[role]))}${(teams ?? []).map((team) => badge("note", team))}</span>`;
}

function two(above: string, below: string): TemplateResult {
  return html`<span class="two"><span>${above}</span>${below === above ? nothing : html`<span class="faint">${below}</span>`}</span>`;
}

export const SESSION_LIST: Listing<PageSession> = {
  section: "sessions",
  path: "sessions",
  ...SESSIONS,
  narrowers: [{ name: "subject", label: SESSIONS.subject, as: "line" }],
  columns: [
    { label: SESSIONS.who, cell: ({ name, subject }) => two(name ?? subject, subject) },
    { label: SESSIONS.may, cell: rolesAndTeams },
    { label: SESSIONS.from, cell: ({ address, by }) => two(address ?? SESSIONS.noAddress, SESSIONS.by[by]) },
    { label: SESSIONS.begun, cell: ({ begunAt }) => when(begunAt), figures: true },
    { label: SESSIONS.used, cell: ({ usedAt }) => when(usedAt), figures: true },
    { label: SESSIONS.ends, cell: ({ expiresAt }) => when(expiresAt), figures: true },
  ],
  ending: [
    {
      label: SESSIONS.end,
      title: ({ name, subject }) => SESSIONS.endTitle(name ?? subject),
      text: SESSIONS.endText,
      path: ({ sessionId }) => recordPath("sessions", sessionId),
    },
  ],
};

export const TOKEN_LIST: Listing<ApiToken> = {
  section: "tokens",
  path: "tokens",
  ...TOKENS,
  narrowers: [],
  columns: [
    { label: TOKENS.name, cell: ({ name, subject }) => two(name, subject) },
    { label: TOKENS.may, cell: rolesAndTeams },
    { label: TOKENS.made, cell: ({ madeAt, madeBy }) => two(when(madeAt), madeBy), figures: true },
    { label: TOKENS.used, cell: ({ usedAt }) => when(usedAt), figures: true },
    {
      label: TOKENS.ends,
      cell: ({ expiresAt }) => (Date.parse(expiresAt) < Date.now() ? badge("warning", TOKENS.ended) : when(expiresAt)),
      figures: true,
    },
  ],
  ending: [
    {
      label: TOKENS.end,
      title: ({ name }) => TOKENS.endTitle(name),
      text: TOKENS.endText,
      path: ({ tokenId }) => recordPath("tokens", tokenId),
    },
  ],
};

export const REVOCATION_LIST: Listing<Revocation> = {
  section: "revocations",
  path: "revocations",
  ...REVOCATIONS,
  narrowers: [],
  columns: [
    {
      label: REVOCATIONS.what,
      cell: ({ subject, tokenId, issuedBefore }) =>
        two(
          issuedBefore === undefined ? REVOCATIONS.token(tokenId ?? "") : REVOCATIONS.allOf(subject ?? ""),
          subject ?? "",
        ),
    },
    { label: REVOCATIONS.by, cell: ({ revokedBy, at }) => two(revokedBy, when(at)), figures: true },
    { label: REVOCATIONS.reason, cell: ({ reason }) => reason ?? "" },
    {
      label: REVOCATIONS.until,
      cell: ({ until }) => (until === undefined ? REVOCATIONS.forGood : when(until)),
      figures: true,
    },
  ],
  ending: [
    {
      label: REVOCATIONS.end,
      title: ({ subject, tokenId }) => REVOCATIONS.endTitle(subject ?? tokenId ?? ""),
      text: REVOCATIONS.endText,
      path: ({ revocationId }) => recordPath("revocations", revocationId),
    },
  ],
};

export const ERASURE_LIST: Listing<Erasure> = {
  section: "erasures",
  path: "erasures",
  ...ERASURES,
  onOnePage: true,
  narrowers: [],
  columns: [
    { label: ERASURES.pseudonym, cell: ({ pseudonym }) => pseudonym },
    { label: ERASURES.by, cell: ({ erasedBy, at }) => two(erasedBy, when(at)), figures: true },
    {
      label: ERASURES.state,
      cell: ({ state }) => badge(state === "DONE" ? "plain" : "warning", ERASURES.states[state]),
    },
  ],
  ending: [],
  movesOn: ({ state }) => state === "UNDER_WAY",
};

const ACTIONS = Object.entries(AUDIT_ACTIONS).map(([value, label]) => ({ value, label }));

/** The sections in which the subjects of the audit are found. */
const FOUND_IN = {
  agent: "agents",
  presence: "presences",
  "capacity-profile": "profiles",
  workstream: "workstreams",
  activity: "activities",
  webhook: "webhooks",
} as const;

function aboutLink(about: string | undefined): TemplateResult | string {
  if (about === undefined) return "";
  const [kind = "", ...rest] = about.split("/");
  const found = Object.entries(FOUND_IN).find(([name]) => name === kind);
  if (found === undefined) return about;
  return html`<a href=${sectionAddress(found[1], { what: "record", id: rest.join("/") })}>${about}</a>`;
}

function differences({ before = {}, after = {} }: AuditEntry): TemplateResult {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const said = (of: Record<string, unknown>, name: string): string =>
    name in of ? spoken(undefined, of[name] as Json) : "";
  const list = html`<ul class="changes">${names.map((name) => html`<li><span class="faint">${name}</span> ${[said(before, name), said(after, name)].filter((text) => text !== "").join(" → ")}</li>`)}</ul>`;
  // A whole record is for whoever asks for it.
  return names.length <= SHORT
    ? list
    : html`<details><summary>${AUDIT.fields(names.length)}</summary>${list}</details>`;
}

const SHORT = 4;

export const AUDIT_LIST: Listing<AuditEntry> = {
  section: "audit",
  path: "audit",
  ...AUDIT,
  exported: { path: "audit/export", file: "audit" },
  narrowers: [
    { name: "actor", label: AUDIT.actor, as: "line" },
    { name: "action", label: AUDIT.action, as: { choices: ACTIONS, all: AUDIT.everything } },
    { name: "about", label: AUDIT.about, as: "line" },
    { name: "from", label: AUDIT.from, as: "instant" },
    { name: "to", label: AUDIT.to, as: "instant" },
  ],
  columns: [
    { label: AUDIT.when, cell: ({ at }) => EXACTLY.format(new Date(at)), figures: true },
    {
      label: AUDIT.actor,
      cell: ({ actor, roles, address }) =>
        two(actor ?? AUDIT.nobody, [roles.join(", "), address ?? ""].filter((text) => text !== "").join(" · ")),
    },
    {
      label: AUDIT.action,
      cell: ({ action, outcome }) =>
        html`<span class="badges">${actionName(action)} ${outcome === "DONE" ? nothing : badge(outcome === "REFUSED" ? "danger" : "note", AUDIT.outcomes[outcome])}</span>`,
    },
    { label: AUDIT.about, cell: ({ about }) => aboutLink(about) },
    { label: AUDIT.difference, cell: differences },
  ],
  ending: [],
};

function actionName(action: AuditAction): string {
  return AUDIT_ACTIONS[action];
}
