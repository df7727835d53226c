/** With what a client shows who it is, and how that is renewed before it ends. */

export type Credentials =
  /** The hub's own cookie, which a browser sends by itself from pages of the hub's origin. */
  | { readonly type: "cookie"; readonly renewal: () => Promise<Renewal> }
  /** Fetched anew for each socket. */
  | { readonly type: "fetched"; readonly fetch: Fetch };

/**
 * Resolves with a token, or with a ticket, which opens one socket at the hub that gave it: `hub` is the address of the one
 * that is tried. Null if nobody is signed in any more.
 */
export type Fetch = (hub: string) => Promise<string | null>;

/** How a socket's credentials go on beyond their end. */
export type Renewal =
  /** On this socket, by the session of the cookie. */
  | { readonly by: "session" }
  /** On this socket, by another token. */
  | { readonly by: "token"; readonly token: string }
  /** On a second socket, which is opened before this one is left. */
  | { readonly by: "socket" }
  | { readonly by: "nothing" };

/** What tickets of `POST /api/v1/tickets` begin with. */
const TICKET = "phk_";

export function byCookie(renewal: () => Promise<Renewal> = () => Promise.resolve({ by: "session" })): Credentials {
  return { type: "cookie", renewal };
}

export function byToken(fetch: Fetch): Credentials {
  return { type: "fetched", fetch };
}

/** A ticket does nothing but open a socket, so it is not fetched before there is one to open. */
export async function renewal(credentials: Credentials, hub: string, shown: string | null): Promise<Renewal> {
  if (credentials.type === "cookie") return credentials.renewal();
  if (shown?.startsWith(TICKET) === true) return { by: "socket" };
  const token = await credentials.fetch(hub);
  if (token === null) return { by: "nothing" };
  return token.startsWith(TICKET) ? { by: "socket" } : { by: "token", token };
}
