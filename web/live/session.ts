/** Who is signed in on this browser: the hub's own cookie, which a page cannot read, asked of the hub. */

import type { Role } from "../wire.ts";
import { SESSION } from "../words/pages.ts";

export interface Person {
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly teams: readonly string[];
}

export interface DemoPerson extends Person {
  /** What this person shows of the hub. */
  readonly about?: string;
}

export interface SessionAnswer {
  /** `demo`: anybody may be one of `demo.people`. `jwt`: a token is needed. `oidc`: one signs in at `provider`. */
  readonly mode: "demo" | "jwt" | "oidc";
  readonly session: Person | null;
  readonly demo?: { readonly people: readonly DemoPerson[] };
  readonly provider?: { readonly name: string; readonly signOutUrl?: string };
  /** Whom people can ask who may not do something. */
  readonly contact?: string;
}

export type Credentials = { readonly demo: string } | { readonly token: string };

export function currentSession(): Promise<SessionAnswer> {
  return read("session");
}

/** What the hub answers at this address, to whoever the cookie says. */
export async function read<Answer>(address: string): Promise<Answer> {
  const answer = await fetch(address, { headers: { accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw await refusal(answer);
  return (await answer.json()) as Answer;
}

/** What the hub answers when it is told this there. */
export async function post<Answer>(address: string, said: object): Promise<Answer> {
  const answer = await send(address, said);
  return (await answer.json()) as Answer;
}

export async function signIn(credentials: Credentials): Promise<void> {
  await send("session", credentials);
}

async function send(address: string, said: object): Promise<Response> {
  const headers = { accept: "application/json", "content-type": "application/json" };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(said) });
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/**
 * Ends the session here. Resolves with where the browser goes then: to the identity provider, to sign out there too, or
 * to the sign-in page. Whose credentials have already ended is signed out too.
 */
export async function signOut(): Promise<string> {
  const answer = await fetch("session", { method: "DELETE" });
  if (!answer.ok && answer.status !== 401) throw await refusal(answer);
  const now = await currentSession().catch(() => null);
  return now?.provider?.signOutUrl ?? SIGN_IN_PAGE;
}

const SIGN_IN_PAGE = "./";

/** The sign-in page, which leads back to the page that asks. */
export function signInPage(): string {
  const here = location.pathname.split("/").at(-1) ?? "";
  return `${SIGN_IN_PAGE}?${new URLSearchParams({ to: here + location.search }).toString()}`;
}

/** The hub answered, and it was no. */
export class SessionRefused extends Error {}

/** Why it did not work, as the end of a sentence. */
export function explain(error: unknown): string {
  return error instanceof SessionRefused ? error.message : SESSION.noAnswer;
}

/** With the sentence of the hub's problem document, or the bare status when there is none. */
export async function refusal(answer: Response): Promise<SessionRefused> {
  const problem: unknown = await answer.json().catch(() => null);
  if (typeof problem === "object" && problem !== null) {
    for (const field of ["detail", "title"]) {
      const text: unknown = (problem as Record<string, unknown>)[field];
      if (typeof text === "string") return new SessionRefused(text);
    }
  }
  return new SessionRefused(SESSION.answered(answer.status));
}
