/** Where hubs listen, and in which order they are tried. */

import type { Role } from "../wire.ts";

export const SUBPROTOCOL = "presence.v1.json";

/** A hub, and the address of its socket. */
export interface Place {
  readonly hub: string;
  readonly url: string;
}

/** At least one. */
export type Places = readonly [Place, ...Place[]];

/** From 0 to 1, like `Math`. */
export interface Chance {
  random(): number;
}

/** In an order of chance: clients spread over the hubs, and those of a hub that is lost over all the others. */
export function places(hubs: readonly string[], role: Role, chance: Chance): Places {
  const [first, ...others] = hubs
    .map((hub) => ({ hub, url: socketAddress(hub, role), at: chance.random() }))
    .sort((one, other) => one.at - other.at);
  if (first === undefined) throw new Error("no_hub");
  return [first, ...others];
}

/** Where the hub at this address, with the path that it is served below, listens for the given role. */
export function socketAddress(hub: string, role: Role): string {
  // A frozen agent's page would keep its agent available: the browser answers pings for it.
  const beats = role === "agent" ? "&heartbeats=answered" : "";
  return new URL(`ws?roles=${role}${beats}`, hub).href.replace(/^http/, "ws");
}

/** The same for a socket that a person asks for. */
export function byHand(url: string): string {
  return `${url}&signIn=byHand`;
}
