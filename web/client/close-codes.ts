/** What a page does after its socket was closed, by the code it was closed with. Why in words: `words/connection.ts`. */

/**
 * `at-once-then-slower`: the first attempt comes soon. `later`: the hub has too much to do, so even
 * the first attempt waits. `after-sign-in`: with new credentials only. `never`: a person must decide.
 */
export type Return = "at-once-then-slower" | "later" | "after-sign-in" | "never";

/** The codes that pages know by name. */
export const FORBIDDEN = 4403;
export const SIGNED_OUT = 4410;
/** What a page closes its socket with when its browser puts it to sleep. */
export const FALLS_ASLEEP = 4420;

const RETURN: Readonly<Record<number, Return>> = {
  1001: "at-once-then-slower",
  1012: "at-once-then-slower",
  1013: "later",
  4400: "never",
  4401: "after-sign-in",
  [FORBIDDEN]: "never",
  4404: "never",
  4408: "later",
  4409: "never",
  [SIGNED_OUT]: "never",
  4411: "at-once-then-slower",
  4413: "never",
  4429: "later",
  4500: "later",
};

/**
 * Codes below 4000 are the network's or the protocol's: nobody decided to send us away. A code of
 * the hub that this page does not know may well be a refusal: no hurry.
 */
export function mayReturn(code: number): Return {
  return RETURN[code] ?? (code >= 4000 ? "later" : "at-once-then-slower");
}
