/** What a client does after its socket was closed, by the code it was closed with. */

import { type Advice, CLOSE_CODES } from "../wire.ts";

/** The hub's codes that pages know by name. */
/** What this client sent was broken, below the frames. */
const BROKEN_PROTOCOL = 1002;
const BROKEN_TEXT = 1007;
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
export const ASLEEP = 3003;

/**
 * `comeBack`: the first attempt comes soon. `later`: the hub has too much to do, so even the first attempt waits.
 * `renew`: with new credentials only. `giveUp`: a person must decide.
 *
 * Codes below 4000 are the network's or the protocol's: nobody decided to send us away. A code of
 * the hub that this page does not know may well be a refusal: no hurry.
 */
export function mayReturn(code: number): Advice {
  return CLOSE_CODES[code] ?? (code >= 4000 ? "later" : "comeBack");
}

/**
 * Whether another hub may help: this one is gone, takes nobody now, or nobody got a ticket from it. What is wrong with
 * the client, its credentials or its network is wrong everywhere.
 */
export function mayMove(code: number): boolean {
  return code === NO_CREDENTIALS || (code < NO_NETWORK && code !== BROKEN_PROTOCOL && code !== BROKEN_TEXT);
}
