/** What the administration page and its forms say, whatever they are about. */

import type { Role } from "../wire.ts";

export const ROLES: Readonly<Record<Role, string>> = {
  agent: "Agent",
  supervisor: "Supervisor",
  observer: "Observer",
  analyst: "Analyst",
  integration: "Work system",
  auditor: "Auditor",
  admin: "Administrator",
};

export const ADMIN = {
  sections: "Sections",
  asking: "Asking the hub who you are.",
  signedInAs: (name: string) => `Signed in as ${name}`,
  nobody: "Nobody is signed in on this browser",
  nobodyText: "This page is for administrators. Sign in, and you come back here.",
  notAllowed: "You may not administer this hub",
  notAllowedText: (name: string, has: string) =>
    `You are signed in as ${name} with ${has}. This page needs the role Administrator: whoever runs your sign-in can give it to you. The audit is also open to the role Auditor.`,
  sectionNotAllowed: "This section needs another role",
  sectionNotAllowedText: (name: string, has: string) =>
    `You are signed in as ${name} with ${has}. This section needs the role Administrator; you may read the audit.`,
  roles: (roles: readonly string[]) => (roles.length === 0 ? "no role" : `the role ${roles.join(", ")}`),
  unreachable: "The hub did not answer",
  failed: "This could not be loaded",
  loading: "Loading",
  notFound: "There is no such record",
  notFoundText: (id: string) => `“${id}” does not exist, or not any more. Somebody may have deleted it.`,
  backToList: "Back to the list",
  leave: "Discard what you typed?",
  leaveText: "There are changes that are not saved.",
  discard: "Discard",
  stay: "Stay here",
  putAway: "Put away",
  showMore: "Show more",
  moreThan: (count: number) => `The first ${count} are shown.`,
};

/** Why the hub did not do it. */
export const REFUSED = {
  noAnswerRead: "There was no answer. Nothing is known about how it stands now.",
  noAnswerWrite:
    "There was no answer, so it is not known whether this was saved. What you typed is still here. Save again: if it was saved already, nothing happens twice.",
  unreadable: (status: number) => `Something other than the hub answered (${status}).`,
  signInEnded: "Your sign-in has ended. Sign in again in another window, then save again: what you typed stays here.",
  signInInWindow: "Sign in in a new window",
  forbidden: (why: string) => `You may not do this: ${why}.`,
  inUse: "It is in use, or the id is taken.",
  other: (why: string) => `${why}.`,
  busy: "The hub is asked too much right now. Wait a moment and try again.",
  unavailable: "The hub could not save this now. Nothing was changed.",
};

export const EDITOR = {
  create: "Create",
  save: "Save",
  saving: "Saving",
  cancel: "Cancel",
  saved: "Saved.",
  created: "Created.",
  unchanged: "Nothing is changed, so there is nothing to save.",
  warned: "Saved. The hub notes:",
  mistakes: (count: number) => (count === 1 ? "One field needs another value." : `${count} fields need another value.`),
  changedMeanwhile: "Somebody else saved this record while you had it open.",
  taken: (fields: string) => `Their changes of ${fields} were taken over into the form.`,
  both: (field: string) => `You both changed ${field}.`,
  theirs: (value: string) => `Theirs: ${value}`,
  takeTheirs: "Take theirs",
  mineStays: "Yours stays, unless you take theirs; then save again.",
  saveAgain: "Look it over, then save again.",
  goneMeanwhile: "Somebody else deleted this record while you had it open. Saving creates it again.",
  whoDidIt: "See who did it",
  nothing: "nothing",
  delete: "Delete",
  deleteAsk: (what: string) => `Delete ${what}?`,
  deleteText: "This cannot be undone.",
  readOnly: "Read only",
};

/** What is wrong with a field, and what would be right. */
export const FIELD = {
  empty: "Enter something here.",
  tooShort: (least: number) => `At least ${least} characters.`,
  tooLong: (count: number, most: number) => `${count} characters; at most ${most} are right.`,
  misleads: "One line, without control characters and without those that turn the direction of writing.",
  chooseOne: "Choose at least one.",
  tooMany: (count: number, most: number) => `${count} entries; at most ${most} are right.`,
  number: (least: number, most: number) => `A whole number from ${least} to ${most}.`,
  languageTwice: (language: string) => `The language ${language} is there twice.`,
  languageWrong: (why: string) => `Language: ${why}`,
  labelWrong: (language: string, why: string) => `${language}: ${why}`,
  noProfile: "Choose a capacity profile in each row, or remove the row.",
  profileTwice: "A capacity profile is there twice.",
  noTime: "Enter a day and a time.",
  optional: "optional",
  add: "Add",
  addTo: (label: string) => `Add to ${label}`,
  remove: (what: string) => `Remove ${what}`,
  language: "Language tag",
  languageExample: "de",
  translation: "Text",
  addLanguage: "Add a language",
  profile: "Capacity profile",
  max: "Most at once",
  maxDefault: "As the profile says",
  addProfile: "Add a capacity profile",
  noProfiles: "There are no capacity profiles yet.",
  chooseProfile: "Choose…",
  ownColor: "A colour of its own",
  every: "All",
  onlyThese: "Only these",
  pressEnter: "Enter or a comma adds it.",
  yes: "yes",
  no: "no",
};
