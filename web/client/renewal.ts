/** What a page does when the hub announces that its credentials end. */

import type { Connection } from "./connection.ts";
import { currentSession, signIn } from "./session.ts";

/**
 * In demo mode anybody may be anyone, so the page signs the same person in again and moves to a new
 * socket. A token cannot be renewed here: the page never sees it.
 */
export async function renew(connection: Connection): Promise<void> {
  try {
    const { mode, session } = await currentSession();
    if (mode !== "demo" || session === null) return;
    await signIn({ demo: session.subject });
  } catch {
    // Unreachable or refused: the person is told when the credentials end, and may sign in again.
    return;
  }
  connection.renew();
}
