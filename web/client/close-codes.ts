/** Why a socket was closed, as data with advice. */

/**
 * `at-once-then-slower`: the first attempt comes soon. `later`: the hub asked for room, so even the
 * first attempt waits. `after-sign-in`: with new credentials only. `never`: a person must decide.
 */
export type Return = "at-once-then-slower" | "later" | "after-sign-in" | "never";

export interface CloseAdvice {
  readonly mayReconnect: Return;
  /** A sentence for the person in front of the page. */
  readonly said: string;
}

const ADVICE: Readonly<Record<number, CloseAdvice>> = {
  1001: { mayReconnect: "at-once-then-slower", said: "The hub is restarting." },
  1012: { mayReconnect: "at-once-then-slower", said: "The hub is restarting." },
  1013: { mayReconnect: "later", said: "The hub has too many connections right now." },
  4400: { mayReconnect: "never", said: "The hub did not understand this page. Reload it." },
  4401: { mayReconnect: "after-sign-in", said: "Your sign-in has ended." },
  4403: { mayReconnect: "never", said: "You are not allowed to use this page." },
  4404: { mayReconnect: "never", said: "This agent is unknown or disabled." },
  4408: { mayReconnect: "later", said: "This page was too slow to keep up." },
  4409: { mayReconnect: "never", said: "You have too many windows open. Close another one first." },
  4410: { mayReconnect: "never", said: "You have been signed out." },
  4411: { mayReconnect: "at-once-then-slower", said: "The connection was lost." },
  4413: { mayReconnect: "never", said: "This page sent more than the hub accepts. Reload it." },
  4429: { mayReconnect: "later", said: "This page sent too many requests." },
  4500: { mayReconnect: "later", said: "The hub failed." },
};

/** Codes of the network and of the WebSocket protocol itself: nobody decided to send us away. */
const LOST: CloseAdvice = { mayReconnect: "at-once-then-slower", said: "The connection was lost." };

/** A code of a newer hub: it may well be a refusal, so do not hurry. */
const UNKNOWN: CloseAdvice = { mayReconnect: "later", said: "The hub closed the connection." };

export function advice(code: number): CloseAdvice {
  return ADVICE[code] ?? (code >= 4000 ? UNKNOWN : LOST);
}
