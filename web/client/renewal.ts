/** What a page does when the hub announces that its credentials end. *
 * Resolves with whether they go on beyond `expiresAt`.
 */

import type { TokenRenewed } from "../wire.ts";
import type { Connection } from "./connection.ts";
import { currentSession, signIn } from "./session.ts";

/**
 * A session of a sign-in at an identity provider lasts for longer if the hub lets it, and the socket with it. In demo mode
 * anybody may be anyone, so the page signs the same person in again and moves to a new socket. A token cannot be
 * renewed here: the page never sees it.
 *
 * Resolves with whether they go on beyond `expiresAt`.
 */
export async function renew(connection: Connection, expiresAt: string): Promise<boolean> {
  try {
    const { mode, session } = await currentSession();
    if (session === null) return false;
    switch (mode) {
      case "oidc": {
        const renewed = await connection.request<TokenRenewed>({ type: "authenticate" });
        return Date.parse(renewed.tokenExpiresAt) > Date.parse(expiresAt);
      }
      case "demo":
        await signIn({ demo: session.subject });
        connection.renew();
        return true;
      case "jwt":
        return false;
    }
  } catch {
    // Unreachable or refused: the person is told that the credentials end, and may sign in again.
    return false;
  }
}
