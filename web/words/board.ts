/** What the supervisor's board, its grid and its dialog say. */

export const BOARD = {
  freshness: "Whether the board is up to date",
  loading: "Loading the agents.",
  catchingUp: "Fetching what changed meanwhile.",
  hubBehind: "The hub cannot save changes right now.",
  outOfDate: (why: string, since: string) => `${why} What you see may be out of date since ${since}.`,
  nobodyYet: "There are no agents yet. One appears here when they first sign in.",
  nobodyMatches: "No agent matches.",
  search: "Search by name or id",
  team: "Team",
  allTeams: "All teams",
  listed: (listed: number) => `${listed} listed`,
  listedAndSelected: (listed: number, selected: number) => `${listed} listed, ${selected} selected`,
  clearSelection: "Clear selection",
  signOutAgents: "Sign out agents",
  byStatus: "By base status",
  byPresence: "By presence",
  everybody: "All",
};

export const GRID = {
  label: "Agents",
  selectAll: "Select all listed agents",
  agent: "Agent",
  presence: "Presence",
  since: "Time in status",
  setBy: "Set by",
  hold: "Hold",
  work: "Open work",
  teams: "Teams",
  full: "full",
  restores: (until: string) => `Comes back if the agent returns before ${until}`,
  was: (presence: string) => `was ${presence}`,
  signedOut: "signed out",
  until: (time: string) => `until ${time}`,
};

/** The dialog in which a supervisor acts on others. */
export const ACTING = {
  titles: { set: "Change presence", reset: "Reset presence", "sign-out": "Sign out" },
  about: (deed: string, whom: string) => `${deed}: ${whom}`,
  agents: (count: number) => `${count} agents`,
  reason: "Reason",
  optional: "(optional, the agent sees it)",
  resets: "Ends Inactive, and a Do not disturb that was set after a rejected notification or at the work item limit.",
  signsOut: "All their windows are signed out. Work that is assigned to them stays assigned.",
  applied: (count: number) => `${count} applied`,
  outcome: <Applied>(applied: Applied, refused: number) => [applied, refused === 0 ? "." : `, ${refused} not.`],
  results: "Results",
  done: "Applied",
  more: (count: number) => `and ${count} more`,
};
