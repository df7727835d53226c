/** Records as JSON: how two differ, and what of a change goes together with a change of somebody else. */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whatever the order of the names within an object. */
export function equal(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    const right = other as readonly Json[];
    return one.length === right.length && one.every((item: Json, at) => equal(item, right[at]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => name in other && equal(one[name], other[name]))
  );
}

/** The merge patch (RFC 7396) that makes `after` of `before`. */
export function mergePatch(before: JsonObject, after: JsonObject): JsonObject {
  const patch: Record<string, Json> = {};
  for (const name of Object.keys(before)) if (!(name in after)) patch[name] = null;
  for (const [name, now] of Object.entries(after)) {
    const was = before[name];
    if (equal(was, now)) continue;
    patch[name] = isObject(was) && isObject(now) ? mergePatch(was, now) : now;
  }
  return patch;
}

/** What two people made of the same record: the fields that only they changed are taken, those that both changed differ. */
export interface Merged {
  readonly draft: JsonObject;
  readonly taken: readonly string[];
  readonly conflicts: readonly string[];
}

export function merge(base: JsonObject, mine: JsonObject, theirs: JsonObject): Merged {
  const draft: Record<string, Json> = { ...mine };
  const taken: string[] = [];
  const conflicts: string[] = [];
  for (const [name, theirValue] of Object.entries(theirs)) {
    if (equal(base[name], theirValue) || equal(mine[name], theirValue)) continue;
    if (equal(base[name], mine[name])) {
      draft[name] = theirValue;
      taken.push(name);
    } else {
      conflicts.push(name);
    }
  }
  return { draft, taken, conflicts };
}
