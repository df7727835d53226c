/**
 * The life of the one connection, as a pure state machine. Nothing here opens a socket, reads a
 * clock or rolls dice: `now` (monotonic milliseconds) and `random` come with the event.
 */

import type { ErrorCode } from "../wire.ts";
import { type BackOff, spread, wait, waitLonger } from "./back-off.ts";
import { mayMove, mayReturn, NO_NETWORK } from "./close-codes.ts";

export type Link = Connecting | Live | Waiting | Ended;

interface Connecting {
  readonly phase: "connecting";
  readonly attempt: number;
  readonly giveUpAt: number;
  /** What the last connection was closed with; null when there has been none. */
  readonly code: number | null;
  /** How many other hubs are tried at once, one after the other, if this one does not answer. */
  readonly others: number;
}

interface Live {
  readonly phase: "live";
  readonly heartbeatMs: number;
  readonly welcomedAt: number;
  readonly heardAt: number;
  readonly quiet: Quiet;
  /** The hub is about to restart, and asks to come back after a time between these (milliseconds). */
  readonly planned: readonly [number, number] | null;
}

interface Waiting {
  readonly phase: "waiting";
  readonly attempt: number;
  readonly retryAt: number;
  readonly code: number;
}

/** Nothing is tried any more, until a person asks. */
interface Ended {
  readonly phase: "ended";
  readonly code: number;
  /** The hub's own sentence; empty if it said none. */
  readonly reason: string;
  /** Why the hub let nobody in, for programs; null if it did, or said nothing. */
  readonly refusal: ErrorCode | null;
}

/** `overdue`: a heartbeat should have come. `no-network`: the browser has none. What is shown may no longer be true. */
export type Quiet = "heard" | "overdue" | "no-network";

/** `fetched` ones are fetched anew for each attempt; `kept` ones are those that were refused. */
export type CredentialsAre = "fetched" | "kept";

export type LinkEvent =
  | { readonly type: "welcomed"; readonly now: number; readonly heartbeatSeconds: number }
  | { readonly type: "heard"; readonly now: number }
  | { readonly type: "restarting"; readonly reconnectAfterMs: readonly [number, number] }
  | {
      readonly type: "closed";
      readonly now: number;
      readonly code: number;
      readonly reason: string;
      readonly refusal: ErrorCode | null;
      readonly random: number;
      readonly credentials: CredentialsAre;
    }
  /** The browser has no network any more, or has one again. */
  | { readonly type: "offline" }
  | { readonly type: "online"; readonly now: number }
  /** Nobody needs the connection any more. */
  | { readonly type: "left" }
  /** The network is back, the page is shown again, or a person asks: do not wait any longer. */
  | { readonly type: "hurried"; readonly now: number }
  | { readonly type: "ticked"; readonly now: number };

/** What the shell has to do after a step. */
export type Act =
  | "open"
  /** Open at the next hub, if there is another. */
  | "move"
  | "abandon"
  | "replace"
  | "nothing";

/** A socket that has not brought a `welcome` by then is given up. */
const WELCOME_WITHIN_MS = 10_000;
/**
 * The same where there are other hubs: one whose machine is lost says nothing at all, and the agent is shown Offline soon.
 * Twice as long after each wait, because on a slow network no hub might be fast enough.
 */
const ELSE_ANOTHER_MS = 2_500;
/** What a frame may be late on a bad network before we doubt. */
const MARGIN_MS = 2_000;
/** So often the hub may refuse what was fetched anew each time. */
const MOST_REFUSALS = 3;
/** What a page closes its own socket with. */
const DONE = 1000;

/** `others` is how many hubs there are beside the one in use. */
export function beginning(now: number, others = 0): Link {
  return opening(0, now, null, others, others);
}

export function next(link: Link, event: LinkEvent, policy: BackOff, others = 0): readonly [Link, Act] {
  switch (event.type) {
    case "welcomed": {
      const { now, heartbeatSeconds } = event;
      const heartbeatMs = heartbeatSeconds * 1000;
      return [{ phase: "live", heartbeatMs, welcomedAt: now, heardAt: now, quiet: "heard", planned: null }, "nothing"];
    }
    case "heard":
      return link.phase === "live" ? [{ ...link, heardAt: event.now, quiet: "heard" }, "nothing"] : [link, "nothing"];
    case "restarting":
      return link.phase === "live" ? [{ ...link, planned: event.reconnectAfterMs }, "nothing"] : [link, "nothing"];
    case "closed":
      return afterClose(link, event, policy, others);
    case "offline":
      return [withoutNetwork(link), "nothing"];
    case "online":
      return withNetwork(link, event.now, others);
    case "left":
      return [{ phase: "ended", code: DONE, reason: "", refusal: null }, "nothing"];
    case "hurried":
      return hurried(link, event.now, others);
    case "ticked":
      return ticked(link, event.now, others);
  }
}

/** When to tick next: the instant at which time alone changes the state. */
export function deadline(link: Link): number | null {
  switch (link.phase) {
    case "connecting":
      return link.giveUpAt;
    case "live":
      return link.quiet === "heard" ? doubtAt(link) : deadAt(link);
    case "waiting":
      return link.retryAt;
    case "ended":
      return null;
  }
}

function doubtAt(link: Live): number {
  return link.heardAt + link.heartbeatMs + MARGIN_MS;
}

function deadAt(link: Live): number {
  return doubtAt(link) + link.heartbeatMs;
}

/** `untried` of the `others` follow at once. */
function opening(attempt: number, now: number, code: number | null, untried: number, others: number): Link {
  const within = Math.min(WELCOME_WITHIN_MS, others > 0 ? ELSE_ANOTHER_MS * 2 ** attempt : WELCOME_WITHIN_MS);
  return { phase: "connecting", attempt, giveUpAt: now + within, code, others: untried };
}

type Closed = Extract<LinkEvent, { type: "closed" }>;

function afterClose(link: Link, event: Closed, policy: BackOff, others: number): readonly [Link, Act] {
  if (link.phase === "ended") return [link, "nothing"];
  const { code, now } = event;
  const attempt = link.phase === "live" ? 0 : link.attempt;
  const left = untried(link, now, policy, others);
  if (left > 0 && mayMove(code)) return [opening(attempt, now, code, left - 1, others), "move"];
  return [withoutMove(link, attempt, event, policy), "nothing"];
}

/**
 * How many other hubs are tried before there is a wait. Hubs that welcome and close at once would be gone round without a
 * pause, so a connection must have lived for a while.
 */
function untried(link: Link, now: number, policy: BackOff, others: number): number {
  if (link.phase === "connecting") return link.others;
  return link.phase === "live" && now - link.welcomedAt >= policy.firstMs ? others : 0;
}

function withoutMove(link: Link, attempt: number, event: Closed, policy: BackOff): Link {
  const { code, reason, refusal, now, random } = event;
  const again = (after: number): Link => ({ phase: "waiting", attempt: attempt + 1, retryAt: now + after, code });
  if (link.phase === "live" && link.planned !== null) return again(spread(...link.planned, random));
  const advice = mayReturn(code);
  if (advice === "later") return again(waitLonger(policy, attempt, random));
  const renews = advice === "renew" && event.credentials === "fetched" && attempt < MOST_REFUSALS;
  if (renews || advice === "comeBack") return again(wait(policy, attempt, random));
  return { phase: "ended", code, reason, refusal };
}

/** After a wait. Another hub may be back by then, or take more. */
function afterWait(link: Waiting, now: number, untried: number, others: number): readonly [Link, Act] {
  return [opening(link.attempt, now, link.code, untried, others), mayMove(link.code) ? "move" : "open"];
}

/** The socket may outlive a short loss, so it is kept; but nothing is known until something is heard. */
function withoutNetwork(link: Link): Link {
  switch (link.phase) {
    case "live":
      return { ...link, quiet: "no-network" };
    case "connecting":
    case "waiting":
      return { ...link, code: NO_NETWORK };
    case "ended":
      return link;
  }
}

/** A socket of before is as good as dead, or lives: a second one is opened, and the first is left once it is welcomed. */
function withNetwork(link: Link, now: number, others: number): readonly [Link, Act] {
  if (link.phase === "ended") return [link, "nothing"];
  if (link.phase !== "live" || link.quiet === "heard") return hurried(link, now, others);
  const [after, act] = ticked({ ...link, quiet: "overdue" }, now, others);
  return [after, act === "abandon" ? act : "replace"];
}

/** Whoever hurries has all hubs tried; the end of a wait has one. */
function hurried(link: Link, now: number, others: number): readonly [Link, Act] {
  if (link.phase === "waiting") return afterWait(link, now, others, others);
  return link.phase === "ended" ? [opening(0, now, link.code, others, others), "open"] : ticked(link, now, others);
}

function ticked(link: Link, now: number, others: number): readonly [Link, Act] {
  switch (link.phase) {
    case "connecting":
      return [link, now >= link.giveUpAt ? "abandon" : "nothing"];
    case "live":
      if (now >= deadAt(link)) return [link, "abandon"];
      return [link.quiet === "heard" && now >= doubtAt(link) ? { ...link, quiet: "overdue" } : link, "nothing"];
    case "waiting":
      return now >= link.retryAt ? afterWait(link, now, 0, others) : [link, "nothing"];
    case "ended":
      return [link, "nothing"];
  }
}
