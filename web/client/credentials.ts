/** With what a client shows who it is, and how that is renewed before it ends. */

export type Credentials =
  /** The hub's own cookie, which a browser sends by itself from pages of the hub's origin. */
  | { readonly type: "cookie"; readonly renewal: () => Promise<Renewal> }
  /** Fetched anew for each socket: a token, or a ticket, which opens one. Null if nobody is signed in any more. */
  | { readonly type: "fetched"; readonly fetch: () => Promise<string | null> };

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

export function byToken(fetch: () => Promise<string | null>): Credentials {
  return { type: "fetched", fetch };
}

/** A ticket does nothing but open a socket, so it is not fetched before there is one to open. */
export async function renewal(credentials: Credentials, shown: string | null): Promise<Renewal> {
  if (credentials.type === "cookie") return credentials.renewal();
  if (shown?.startsWith(TICKET) === true) return { by: "socket" };
  const token = await credentials.fetch();
  if (token === null) return { by: "nothing" };
  return token.startsWith(TICKET) ? { by: "socket" } : { by: "token", token };
}
