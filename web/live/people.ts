/** What people are called who acted: the hub says only their ids with what they did, and their names when it is asked. */

import type { ModifiedBy, NamedPerson } from "../wire.ts";
import { read } from "./session.ts";

/** Names that are asked for at once, by the hub's contract. */
const AT_ONCE = 100;

export class People {
  readonly #names = new Map<string, string>();
  readonly #asked = new Set<string>();
  readonly #wanted = new Set<string>();

  /** The name, or the id while the name is not known. */
  name(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /**
   * Whoever changed something, with the name in the place of the id. One that is not known yet is asked for, with the
   * others that are met meanwhile, and stands there when the page is drawn again.
   */
  called(modifiedBy: ModifiedBy): ModifiedBy {
    const { type, id } = modifiedBy;
    if (id === undefined || type === "AGENT" || type === "SYSTEM") return modifiedBy;
    const name = this.#names.get(id);
    if (name !== undefined) return { type, id: name };
    if (!this.#asked.has(id)) {
      if (this.#wanted.size === 0) setTimeout(() => void this.#meetWanted());
      this.#wanted.add(id);
    }
    return modifiedBy;
  }

  async #meetWanted(): Promise<void> {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    await this.meet(wanted);
  }

  /** Asks for the names of those who are new here. Whether one came. A name is a convenience: without it the id stands. */
  async meet(ids: Iterable<string | undefined>): Promise<boolean> {
    const fresh = new Set([...ids].filter((id) => id !== undefined && !this.#asked.has(id)) as string[]);
    const asked = [...fresh].slice(0, AT_ONCE);
    if (asked.length === 0) return false;
    for (const id of asked) this.#asked.add(id);
    const query = new URLSearchParams(asked.map((id) => ["ids", id]));
    try {
      const { items } = await read<{ readonly items: readonly NamedPerson[] }>(`api/v1/people?${query.toString()}`);
      for (const { id, name } of items) this.#names.set(id, name);
      return items.length > 0;
    } catch {
      // They are asked for again with whoever comes next.
      for (const id of asked) this.#asked.delete(id);
      return false;
    }
  }
}

/** Those of the page. */
export const PEOPLE = new People();
