/** What a client does after its socket was closed, by the code it was closed with. */

import { type Advice, CLOSE_CODES } from "../wire.ts";

/**
 * `at-once-then-slower`: the first attempt comes soon. `later`: the hub has too much to do, so even
 * the first attempt waits. `after-sign-in`: with new credentials only. `never`: a person must decide.
 */
export type Return = "at-once-then-slower" | "later" | "after-sign-in" | "never";

/** The hub's codes that pages know by name. */
export const RESTARTING = 1012;
export const UNAUTHENTICATED = 4401;
export const FORBIDDEN = 4403;
export const UNKNOWN_AGENT = 4404;
export const SIGNED_OUT = 4410;
/** What a page closes its socket with when its browser puts it to sleep. */
export const FALLS_ASLEEP = 4420;

/** Codes of this client's own, of those that are free for libraries; none is ever sent. */
export const NO_NETWORK = 3001;
export const NO_CREDENTIALS = 3002;

const RETURN_BY_ADVICE: Readonly<Record<Advice, Return>> = {
  comeBack: "at-once-then-slower",
  renew: "after-sign-in",
  later: "later",
  giveUp: "never",
};

/**
 * Codes below 4000 are the network's or the protocol's: nobody decided to send us away. A code of
 * the hub that this page does not know may well be a refusal: no hurry.
 */
export function mayReturn(code: number): Return {
  const advice = CLOSE_CODES[code];
  if (advice !== undefined) {
    return RETURN_BY_ADVICE[advice];
  }
  return code >= 4000 ? "later" : "at-once-then-slower";
}
