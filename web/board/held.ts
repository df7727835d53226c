/** Since when an agent has its presence: interruptions that were restored do not count. */

import type { WatchedAgent } from "../wire.ts";

export function heldSince({ heldSince, since }: Pick<WatchedAgent, "heldSince" | "since">): string {
  return heldSince ?? since;
}
