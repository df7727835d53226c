/** What the hub is asked over HTTP, and its answers. Nothing is thrown: that there was no answer is an answer too. */

import type { Page } from "../live/every-item.ts";
import type { ErrorCode } from "../wire.ts";

export interface Refusal {
  /** `no_answer`: nothing came back, and whether it was done is not known. `unreadable`: not the hub answered. */
  readonly code: ErrorCode | "no_answer" | "unreadable";
  readonly status: number;
  /** Why, in the words of the hub. */
  readonly detail: string;
  /** The field that is wrong, if a single one is. */
  readonly field: string | null;
  /** The place in the list of the item that is wrong, if a list was sent. */
  readonly index: number | null;
}

export type Answer<T> =
  | { readonly done: true; readonly value: T; /** Names the record as it is now. */ readonly tag: string | null }
  | { readonly done: false; readonly refusal: Refusal };

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  /** Only if the record is still what this names. */
  readonly ifMatch?: string | null;
  readonly signal?: AbortSignal;
}

export async function ask<T>(
  path: string,
  { method = "GET", query, body, ifMatch, signal }: Ask = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined)
    headers["content-type"] = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  if (ifMatch !== undefined && ifMatch !== null) headers["if-match"] = ifMatch;
  try {
    const answer = await fetch(`api/v1/${path}${queryOf(query)}`, {
      method,
      headers,
      cache: "no-store",
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
    if (!answer.ok) return { done: false, refusal: await refusalOf(answer) };
    const value = (answer.status === 204 ? null : await answer.json()) as T;
    return { done: true, value, tag: answer.headers.get("etag") };
  } catch {
    return { done: false, refusal: { code: "no_answer", status: 0, detail: "", field: null, index: null } };
  }
}

function queryOf(query: Ask["query"]): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

export async function refusalOf(answer: Response): Promise<Refusal> {
  const problem = (await answer.json().catch(() => null)) as Partial<Refusal> | null;
  return {
    code: problem?.code ?? "unreadable",
    status: answer.status,
    detail: problem?.detail ?? "",
    field: problem?.field ?? null,
    index: problem?.index ?? null,
  };
}

/** A record's path: its id may have any letters. */
export function recordPath(path: string, id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

/** So many of a list that is read whole: presences, capacity profiles, workstreams and activities are few. */
const MOST_PAGES = 100;

/** All of a short list, page by page. */
export async function everyOne<T>(path: string, query: Ask["query"] = {}): Promise<Answer<readonly T[]>> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await ask<Page<T>>(path, { query: { ...query, ...(cursor === undefined ? {} : { cursor }) } });
    if (!page.done) return page;
    items.push(...page.value.items);
    cursor = page.value.nextCursor;
    if (cursor === undefined) break;
  }
  return { done: true, value: items, tag: null };
}
