/** How a page's credentials go on, by how people sign in at its hub. */

import type { Renewal } from "../client/credentials.ts";
import { currentSession, signIn } from "./session.ts";

/**
 * A session of a sign-in at an identity provider lasts for longer if the hub lets it, and the socket with it. In demo mode
 * anybody may be anyone, so the page signs the same person in again and moves to a new socket. A token cannot be
 * renewed here: the page never sees it.
 */
export async function pageRenewal(): Promise<Renewal> {
  const { mode, session } = await currentSession();
  if (session === null) return { by: "nothing" };
  switch (mode) {
    case "oidc":
      return { by: "session" };
    case "demo":
      await signIn({ demo: session.subject });
      return { by: "socket" };
    case "jwt":
      return { by: "nothing" };
  }
}
