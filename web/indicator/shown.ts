/** What the indicator shows: what is known now, or why nothing is and what to do about it. */

import type { AgentState } from "../client/agent.ts";
import { FORBIDDEN, mayReturn, SIGNED_OUT, UNKNOWN_AGENT } from "../client/close-codes.ts";
import type { Link } from "../client/link.ts";
import { linkWords } from "../look/link-words.ts";
import { stopwatch } from "../look/time.ts";
import type { AgentPresence, Hold, Presence } from "../wire.ts";
import { INDICATOR, presenceText } from "../words/indicator.ts";
import { moment } from "../words/moment.ts";
import { why } from "../words/why.ts";

/** What a person can do about a presence that is not known. */
export type Remedy =
  /** Nothing: it is being done. */
  | "wait"
  | "reconnect"
  | "try-again"
  /** Be here again after a sign-out. */
  | "return"
  | "sign-in"
  /** Only an administrator can help. */
  | "ask";

export type Shown =
  | {
      readonly known: true;
      readonly presence: Presence;
      readonly text: string;
      /** For how long, for the eye alone. */
      readonly time: string;
      /** Sentences and facts, the most important first. */
      readonly facts: readonly string[];
      readonly hold: Hold | null;
    }
  | {
      readonly known: false;
      readonly text: string;
      readonly short: string;
      readonly long: string;
      readonly remedy: Remedy;
    };

/** What a client of an agent holds, as far as it matters here. */
export interface Held {
  readonly agent: AgentPresence | null;
  readonly state: AgentState;
  readonly link: Link;
  readonly now: number | null;
}

export function shown({ agent, state, link, now }: Held): Shown {
  if (agent === null || now === null) return unknown(link);
  const { presence, hold } = agent;
  const text = presenceText(presence);
  return {
    known: true,
    presence,
    text,
    time: stopwatch(now - Date.parse(agent.heldSince)),
    facts: facts(agent, state.options, text, now),
    hold,
  };
}

function facts(agent: AgentPresence, options: readonly Presence[], text: string, now: number): readonly string[] {
  const lasts = INDICATOR.lasts(stopwatch(now - Date.parse(agent.heldSince)), moment(agent.heldSince, now));
  const ends = agent.until === null ? null : end(agent.until, agent.nextPresenceId, options, now);
  return [
    why(agent, text),
    agent.reason === null ? null : INDICATOR.reason(agent.reason),
    ends === null ? lasts : `${lasts}, ${ends}`,
  ].filter((fact) => fact !== null);
}

function end(until: string, nextId: string | null, options: readonly Presence[], now: number): string {
  const at = moment(until, now);
  if (nextId === null) return INDICATOR.until(at);
  const next = options.find(({ presenceId }) => presenceId === nextId);
  return INDICATOR.untilThen(at, next === undefined ? nextId : presenceText(next));
}

function unknown(link: Link): Shown {
  const { short, long } = linkWords(link);
  return {
    known: false,
    text: INDICATOR.unknown,
    short,
    long: long ?? INDICATOR.unknownExplained,
    remedy: remedy(link),
  };
}

function remedy(link: Link): Remedy {
  switch (link.phase) {
    case "connecting":
    case "live":
      return "wait";
    case "waiting":
      return "reconnect";
    case "ended":
      if (mayReturn(link.code) === "renew") return "sign-in";
      if (link.code === SIGNED_OUT) return "return";
      return link.code === FORBIDDEN || link.code === UNKNOWN_AGENT ? "ask" : "try-again";
  }
}

/** What is read out when something changes that the person did not do just now; null if there is nothing to say. */
export function announcement(before: Shown, after: Shown): string | null {
  if (!after.known) return before.known ? `${after.text}. ${after.long}` : null;
  const same = before.known && before.presence.presenceId === after.presence.presenceId;
  return same ? null : (after.facts[0] ?? null);
}
