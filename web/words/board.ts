/** What the supervisor's board, its grid and its dialogs say. */

import type { ColumnId } from "../board/columns.ts";
import type { Facet } from "../board/filters.ts";

const agents = (count: number): string => (count === 1 ? "1 agent" : `${count} agents`);

export const BOARD = {
  freshness: "Whether the board is up to date",
  live: "Live",
  asOf: (time: string) => `as of ${time}`,
  ago: (time: string, ago: string) => `as of ${time}, ${ago} ago`,
  catchingUpShort: "Catching up",
  disconnectedShort: "Disconnected",
  nothingYet: "Nothing known yet",
  loading: "Loading the agents.",
  catchingUp: "Fetching what changed meanwhile.",
  hubBehind: "The hub cannot save changes right now.",
  outOfDate: (why: string, since: string) => `${why} What you see may be out of date since ${since}.`,
  nobodyYet: "There are no agents yet.",
  nobodyYetHow: "One appears here when they first sign in, or when an administrator adds them.",
  nobodyMatches: "No agent matches.",
  nobodyMatchesHow: "Take a filter away to see more.",
  search: "Search",
  searchWhat: "Name, id, team, queue or skill",
  filters: "Filters",
  clearFilters: "Clear filters",
  searchValues: "Find one of these",
  noValues: "None of the agents has one.",
  listed: (listed: number) => `${listed} listed`,
  listedOf: (listed: number, all: number) => `${listed} of ${all} listed`,
  selected: (count: number) => `${count} selected`,
  clearSelection: "Clear selection",
  signOutAgents: "Sign out agents",
  byStatus: "By base status",
  everybody: "All",
  waiting: (count: number) => (count === 1 ? "1 change waiting" : `${count} changes waiting`),
  waitingWhy: "Rows stay where they are while you are on them.",
  showNow: "Show now",
  density: "Compact rows",
  about: (name: string) => `About ${name}`,
};

export const FACET: Record<Facet, string> = {
  status: "Base status",
  presence: "Presence",
  team: "Team",
  queue: "Queue",
  skill: "Skill",
  hold: "Hold",
};

export const COLUMN: Record<ColumnId, string> = {
  agent: "Agent",
  presence: "Presence",
  since: "Time in status",
  next: "What comes next",
  setBy: "Set by",
  reason: "Reason",
  hold: "Hold",
  capacity: "Capacity",
  work: "Open work",
  sessions: "Windows",
  teams: "Teams",
  queues: "Queues",
  skills: "Skills",
};

export const GRID = {
  label: "Agents",
  id: "Id",
  select: "Selected",
  selectAll: "Select all listed agents",
  width: (column: string) => `Width of ${column}`,
  full: "full",
  noUnits: "not limited",
  units: (used: number, reserved: number, max: number) =>
    reserved === 0 ? `${used} of ${max} used` : `${used} of ${max} used, ${reserved} offered`,
  taken: (used: number, max: number) => `${used}/${max}`,
  mayReturn: (presence: string, within: string) => `may return within ${within} as ${presence}`,
  until: (time: string) => `until ${time}`,
  thenAt: (presence: string, time: string) => `${presence} at ${time}`,
  back: (ago: string) => `back ${ago} ago`,
  again: (who: string) => `${who}, and came back in time`,
  signedOut: "signed out",
  gone: "no longer there",
};

/** The columns that are shown. */
export const COLUMNS_MENU = {
  title: "Columns",
  before: (column: string) => `${column} further to the front`,
  after: (column: string) => `${column} further to the back`,
  usual: "As they were",
};

/** Views that a person keeps. */
export const VIEWS = {
  title: "Views",
  none: "None yet.",
  where: "Kept in this browser, for you alone.",
  notKept: "This browser does not keep anything for this page: the view is gone when you leave it.",
  name: "Name of the view",
  keep: "Keep this view",
  kept: (name: string) => `The view “${name}” is kept.`,
  remove: (name: string) => `Forget ${name}`,
  download: "Download what is listed (CSV)",
  file: (day: string) => `agents-${day}.csv`,
};

/** What a supervisor wants to be told of. */
export const THRESHOLDS = {
  title: "Exceptions",
  menu: "Thresholds",
  none: "No threshold is set.",
  allWell: (count: number) =>
    count === 1 ? "Nothing is over the threshold." : `Nothing is over one of ${count} thresholds.`,
  unknown: "Not known while the board is not up to date.",
  add: "Add",
  is: "Tell me of",
  fewer: "Fewer than",
  more: "More than",
  longer: "Longer than (minutes)",
  than: "How many",
  minutes: "Minutes",
  of: "Presence",
  team: "Team",
  allTeams: "All teams",
  remove: (name: string) => `Remove: ${name}`,
  sound: "A sound when something comes over",
  soundMay: "Your browser may keep it silent until you have touched the page.",
  says: {
    fewer: (than: number, presence: string) => `Fewer than ${than} ${presence}`,
    more: (than: number, presence: string) => (than === 0 ? presence : `More than ${than} ${presence}`),
    longer: (than: number, presence: string) => `Longer than ${than} min in ${presence}`,
  },
  within: (what: string, team: string) => `${what} in ${team}`,
  count: (count: number) => agents(count),
  who: (count: number) => `Show ${agents(count)}`,
  andMore: (count: number) => `and ${count} more`,
};

/** The dialog in which a supervisor acts on others. */
export const ACTING = {
  titles: { set: "Change presence", reset: "Reset presence", "sign-out": "Sign out" },
  about: (deed: string, whom: string) => `${deed}: ${whom}`,
  agents,
  reason: "Reason",
  optional: "(optional, the agent sees it)",
  howLong: "How long",
  lastsUntilChanged: "Until somebody changes it",
  minutes: (minutes: number) =>
    minutes < 60 ? `${minutes} minutes` : minutes === 60 ? "1 hour" : `${minutes / 60} hours`,
  ends: (time: string) => `Ends at ${time}.`,
  next: "Then",
  nextComputed: "What capacity says",
  resets: "Ends Inactive, and a Do not disturb that was set after a rejected notification or at the work item limit.",
  signsOut: "All their windows are signed out. Work that is assigned to them stays assigned.",
  outcome: (done: number, refused: number, unknown: number) =>
    [`${done} applied`, refused === 0 ? "" : `${refused} not`, unknown === 0 ? "" : `${unknown} not known yet`]
      .filter((part) => part !== "")
      .join(", "),
  results: "Results",
  done: "Applied",
  unknown: "The connection was lost before the hub answered. It is shown here once that is known.",
  more: (count: number) => `and ${count} more`,
};

/** Instead of the board, for whoever may not see it. */
export const REFUSED = {
  title: "This board is for supervisors",
  role: (roles: string) => `It needs the role supervisor or observer. ${roles}`,
  who: (name: string, subject: string, roles: string) =>
    `You are signed in as ${name} (${subject}), with the role ${roles}.`,
  whoMany: (name: string, subject: string, roles: string) =>
    `You are signed in as ${name} (${subject}), with the roles ${roles}.`,
  askDemo: "Sign in as one of the demo's supervisors.",
  askToken: "Ask whoever gave you your token for one with that role: an administrator of this hub.",
  askProvider: (provider: string) =>
    `Ask the people who manage your account at ${provider}, or an administrator of this hub.`,
  desk: "To your desk",
  other: "Sign in as somebody else",
};

/** All that is known of one agent. */
export const DRAWER = {
  title: "About the agent",
  close: "Close",
  day: "The last 24 hours",
  dayOf: (name: string) => `What ${name} was in the last 24 hours`,
  why: "Why",
  holds: "What holds the capacity",
  work: "Work",
  noWork: "None.",
  now: "now",
  loading: "Fetching what is known of the agent.",
  failed: "It did not come",
  noAnswer: "There was no answer.",
  answered: (status: number) => `The hub answered ${status}.`,
  again: "Try again",
  to: (from: string, to: string) => `${from} to ${to}`,
  since: (from: string) => `since ${from}`,
  span: (presence: string, when: string, lasted: string) => `${presence}, ${when} (${lasted})`,
  state: { OFFERED: "Offered", ACTIVE: "Active", WRAP_UP: "Wrap-up" },
  deadline: (time: string) => `until ${time}`,
  takes: (units: number, profiles: string) =>
    [units === 0 ? "" : units === 1 ? "1 unit" : `${units} units`, profiles].filter((part) => part !== "").join(", "),
  profile: (profile: string, used: number, max: number) => `${profile}: ${used} of ${max}`,
  rule: (says: string, rule: string) => `${says} (${rule})`,
  by: (what: string, who: string) => `${what}, by ${who}`,
  passedOver: (count: number) =>
    count === 1 ? "One rule was looked at and passed over" : `${count} rules were looked at and passed over`,
  earlier: (count: number) => `and ${count} earlier`,
};
