/** Moving through the rows and picking them, by key and by pointer, as pure steps. */

export interface Picking {
  /** The row that the keyboard is on. */
  readonly active: string | null;
  /** Where a range starts. */
  readonly anchor: string | null;
  readonly picked: ReadonlySet<string>;
}

export const NONE: Picking = { active: null, anchor: null, picked: new Set() };

/** What the modifier keys of a click or an arrow mean. */
export type Reach = "one" | "toggle" | "range";

export function pick(picking: Picking, ids: readonly string[], id: string, reach: Reach): Picking {
  switch (reach) {
    case "one":
      return { active: id, anchor: id, picked: new Set([id]) };
    case "toggle": {
      const picked = new Set(picking.picked);
      if (!picked.delete(id)) picked.add(id);
      return { active: id, anchor: id, picked };
    }
    case "range": {
      const anchor = picking.anchor ?? id;
      const [from, to] = [ids.indexOf(anchor), ids.indexOf(id)].sort((a, b) => a - b);
      return { active: id, anchor, picked: new Set(ids.slice(Math.max(0, from ?? 0), (to ?? 0) + 1)) };
    }
  }
}

export function pickAll(picking: Picking, ids: readonly string[]): Picking {
  return { ...picking, picked: new Set(ids) };
}

export function pickNone(picking: Picking): Picking {
  return { ...picking, picked: new Set() };
}

/** Only what is listed can be picked: nobody acts on agents they do not see. */
export function keepListed(picking: Picking, ids: readonly string[]): Picking {
  const listed = new Set(ids);
  const gone = [...picking.picked].some((id) => !listed.has(id));
  const active = picking.active !== null && listed.has(picking.active) ? picking.active : null;
  if (!gone && active === picking.active) return picking;
  return { active, anchor: active, picked: new Set([...picking.picked].filter((id) => listed.has(id))) };
}

/** The row that a key leads to, or null when the key is none of the grid's. */
export function destination(key: string, ids: readonly string[], active: string | null, page: number): string | null {
  if (ids.length === 0) return null;
  const at = active === null ? -1 : ids.indexOf(active);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: ids.length - 1,
  };
  const to = steps[key];
  return to === undefined ? null : (ids[Math.min(Math.max(0, to), ids.length - 1)] ?? null);
}
