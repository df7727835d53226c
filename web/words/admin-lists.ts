/** What the administration page says of sessions, API tokens, revocations and the audit. */

import type { AuditAction, AuditOutcome, ErasureState, Role, SignedInBy } from "../wire.ts";

export const LISTS = {
  narrow: "Show",
  noMatch: "Nothing matches",
  noMatchText: "Who and what are compared exactly, letter by letter.",
  all: "Show all",
  actions: "Actions",
  firstPage: "First page",
  nextPage: "Next page",
  once: "This is shown once and never again: the hub keeps only a digest. Put it where it belongs now.",
  copy: "Copy",
  copied: "Copied.",
  toList: "To the list",
  exportAll: "All that matches, as a file:",
  exporting: "It is being written…",
  exportAs: (form: string) => `Export ${form}`,
  madeUnknown: "There was no answer, so it is not known whether this was made. Look at the list before you repeat it.",
};

export const SESSIONS = {
  title: "Sessions",
  lead: "Who is signed in to the hub's own pages, one line for each browser.",
  none: "Nobody is signed in with a session",
  noneText: "Sessions appear here when people sign in to these pages.",
  subject: "Subject",
  who: "Who",
  may: "May",
  from: "From",
  noAddress: "Unknown address",
  by: { provider: "At the identity provider", token: "With a token" } satisfies Record<SignedInBy, string>,
  begun: "Signed in",
  used: "Last used",
  never: "Not since the hub started",
  ends: "Ends unless used",
  end: "End",
  endTitle: (name: string) => `End the session of ${name}?`,
  endText:
    "The browser is signed out within a second. Who it is may sign in again; to keep somebody out, take the account away at your sign-in too.",
};

export const TOKENS = {
  title: "API tokens",
  lead: "What machines show instead of signing in: work systems, routers, wallboards. Each is told once, may do no more than its roles, and ends.",
  add: "Make an API token",
  none: "No API tokens yet",
  noneText: "Make one for each machine, so that each can be ended alone.",
  name: "Name",
  nameHint: "What it is for, such as: CRM, production.",
  subject: "Subject",
  subjectHint: "Who the history and the audit say it is. Several tokens may have the same.",
  may: "May",
  roleHints: {
    agent: "Takes work; opening a socket signs the agent in.",
    supervisor: "Watches agents and sets their presence.",
    observer: "Sees the board and the past, and changes nothing.",
    analyst: "Reads reports and the past.",
    integration: "Reports work items, asks who is eligible, and watches.",
    auditor: "Reads the audit.",
    admin: "Does everything on this page.",
  } satisfies Record<Role, string>,
  teams: "Only these teams",
  teamsHint: "Left empty, every team.",
  made: "Made",
  made_: "The token is made",
  secret: "Token",
  used: "Last used",
  ends: "Ends",
  endsHint: "At most 366 days from now.",
  ended: "Ended",
  end: "Delete",
  endTitle: (name: string) => `Delete the token ${name}?`,
  endText: "It is refused from now on, and its open sockets are closed within a second. This cannot be undone.",
};

export const REVOCATIONS = {
  title: "Revocations",
  lead: "Tokens that are no longer believed. An identity provider knows nothing of it: take the account away there as well, or new tokens are issued.",
  add: "Revoke",
  none: "Nothing is revoked",
  noneText: "Revoke all tokens of somebody to sign them out everywhere, or a single token by its id.",
  which: "What is revoked",
  whichChoices: [
    {
      value: "all",
      label: "Everything of somebody: sign out everywhere",
      hint: "All tokens and sessions that were issued up to now. Later sign-ins count again.",
    },
    { value: "one", label: "A single token", hint: "By its id, the claim jti." },
  ],
  subject: "Subject",
  subjectHint: "As the audit and the sessions name them.",
  tokenId: "Id of the token",
  tokenIdHint: "The claim jti of the token.",
  reason: "Reason",
  reasonHint: "For whoever reads this list.",
  made: "It is revoked. Open sockets are closed within a second.",
  what: "What",
  allOf: (subject: string) => `Everything of ${subject} of before`,
  token: (id: string) => `Token ${id}`,
  by: "By",
  until: "Kept until",
  forGood: "It is taken back",
  end: "Take back",
  endTitle: (what: string) => `Take the revocation of ${what} back?`,
  endText: "What was revoked is believed again, as far as it has not ended.",
};

export const ERASURES = {
  title: "Erasures",
  lead: "People of whom nothing says the name any more. A pseudonym stands for each; nothing here says who it was.",
  add: "Erase a person",
  none: "Nobody was erased",
  noneText: "Whoever asks that nothing names them any more is erased here, once the agent is deleted.",
  id: "Id",
  idHint:
    "Of an agent who was deleted, or the subject of anybody who acted. An agent who is still there is deleted first.",
  sure: (id: string) => `Erase ${id}?`,
  sureText:
    "Name, id, reasons and ids of work go from everything that is kept; figures stay, under a pseudonym. This cannot be undone. What was exported or sent before, and copies of the database, are not reached: look after these yourself.",
  erase: "Erase",
  made: "From now on nothing names this person",
  tells: (pseudonym: string) =>
    `${pseudonym} stands for the id: note it only where it may be known. What was kept is being rewritten, and the list says when that is done.`,
  pseudonym: "Pseudonym",
  by: "Erased by",
  state: "State",
  states: { UNDER_WAY: "Under way", DONE: "Done" } satisfies Record<ErasureState, string>,
};

export const AUDIT = {
  title: "Audit",
  lead: "Who administered, supervised, signed in, was refused and exported: newest first. Each entry is chained to the one before.",
  none: "The audit is empty",
  noneText: "The first entry comes with the first sign-in or change.",
  when: "When",
  actor: "Who",
  nobody: "The hub",
  action: "Did what",
  everything: "Everything",
  about: "About",
  from: "From",
  to: "Until",
  difference: "Before → after",
  fields: (count: number) => `${count} fields`,
  outcomes: { DONE: "done", STARTED: "began", BROKEN_OFF: "broken off", REFUSED: "refused" } satisfies Record<
    AuditOutcome,
    string
  >,
};

export const AUDIT_ACTIONS: Readonly<Record<AuditAction, string>> = {
  SIGN_IN: "Signed in",
  SIGN_OUT: "Signed out",
  SET_PRESENCE: "Set a presence",
  RESET_PRESENCE: "Reset a presence",
  SIGN_OUT_AGENT: "Signed an agent out",
  CREATE: "Created",
  CHANGE: "Changed",
  DELETE: "Deleted",
  PLAN: "Planned",
  ERASE: "Erased a person",
  REVOKE: "Revoked",
  EXPORT: "Exported",
  REFUSAL: "Was refused",
  RESTORE: "Restored a copy",
};
