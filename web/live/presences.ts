/** What presences are called, those too that nobody can hold any more. */

import type { Presence, PresenceRecord } from "../wire.ts";
import { read } from "./session.ts";

/** As many as a page of the hub's list has at most, which is more than a hub lets there be of those that are in use. */
const MOST = "1000";

export async function readPresences(): Promise<ReadonlyMap<string, Presence>> {
  const { items } = await read<{ readonly items: readonly PresenceRecord[] }>(`api/v1/presences?limit=${MOST}`);
  return new Map(items.map((record) => [record.presenceId, named(record)]));
}

function named(record: PresenceRecord): Presence {
  const { presenceText, presenceName, presenceColor, labels } = record;
  return {
    ...record,
    presenceText: presenceText ?? presenceName,
    presenceColor: presenceColor ?? "currentColor",
    labels,
  };
}
