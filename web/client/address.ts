/** Where a hub listens. */

import type { Role } from "../wire.ts";

export const SUBPROTOCOL = "presence.v1.json";

/** Where the hub at this address, with the path that it is served below, listens for the given role. */
export function socketAddress(hub: string, role: Role): string {
  const url = new URL(`ws?roles=${role}`, hub);
  // A frozen agent's page would keep its agent available: the browser answers pings for it.
  if (role === "agent") url.searchParams.set("heartbeats", "answered");
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** The same for a socket that a person asks for. */
export function byHand(url: string): string {
  const address = new URL(url);
  address.searchParams.set("signIn", "byHand");
  return address.href;
}
