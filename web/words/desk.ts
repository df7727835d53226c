/** What an agent's desk and its dialog say. */

import type { Hold } from "../wire.ts";

export const DESK = {
  notConnected: (why: string) => `${why} Your presence is not known while this page is not connected.`,
  signInEnds: (at: string) => `Your sign-in ends at ${at}.`,
  resetPresence: "Reset presence",
  notices: "Notices",
  dismiss: "Dismiss",
};

/** What holds an agent's presence, and how to go on. */
export const HOLD_EXPLAINED: Record<Hold, string> = {
  MISSED: "You missed a notification. No new work is offered until you reset your presence.",
  REJECTED: "You rejected a notification. Reset your presence to be offered work again.",
  WORK_ITEM_LIMIT: "You have as many open work items as you may hold. Reset your presence when you can take more.",
};

/** The indicator in the bar, and the card that explains it. */
export const INDICATOR = {
  label: "Your presence: ",
  title: "Your presence",
  unknown: "Unknown",
  unknownExplained: "What others see of you is not known right now.",
  lasting: "For",
  lasts: (time: string, since: string) => `${time}, since ${since}`,
  until: "Until",
  why: "Why",
  setBy: "Set by",
  you: "you",
  reason: "Reason",
  teams: "Teams",
  windows: "Open windows",
  severalWindows: (count: number) => `${count}; you stay signed in until the last one closes`,
  newWork: "New work",
  blocked: "blocked, because a capacity profile is full",
};

export interface Taken {
  readonly used: number;
  readonly reserved: number;
  readonly max: number;
  /** A full profile that keeps all other work away too. */
  readonly blocksOthers: boolean;
}

export const CAPACITY = {
  title: "Capacity",
  openWork: (count: number) => (count === 1 ? "1 open work item" : `${count} open work items`),
  unlimited: "No capacity is configured for you: nothing limits how much you are offered.",
  units: "Units",
  inUse: (what: string) => `${what} in use`,
  taken: ({ used, reserved, max, blocksOthers }: Taken) => {
    const offered = reserved === 0 ? "" : `, ${reserved} reserved by offers`;
    return `${used} of ${max} used${offered}${blocksOthers ? "; blocks other work when full" : ""}`;
  },
};

/** The dialog in which an agent chooses a presence. */
export const CHOOSING = {
  title: "Set your presence status",
  howLong: "How long",
  untilChanged: "Until I change it",
  minutes: (count: number) => `${count} minutes`,
  hour: "1 hour",
  untilATime: "Until a time…",
  timeOfDay: "Time of day",
  reason: "Reason",
  optional: "(optional)",
  set: "Set presence",
};
