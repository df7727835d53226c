/** Which pages a role may see. */

import type { Role } from "../wire.ts";
import { PAGES } from "../words/pages.ts";

export interface Destination {
  readonly href: string;
  readonly label: string;
  readonly role: Role;
}

const DESTINATIONS: readonly Destination[] = [
  { href: "desk", label: PAGES.desk, role: "agent" },
  { href: "board", label: PAGES.board, role: "supervisor" },
  { href: "board?role=observer", label: PAGES.board, role: "observer" },
];

/** Where the person was who came here to sign in: a page of these, or null. */
export function wayBack(query: string): string | null {
  const to = new URLSearchParams(query).get("to") ?? "";
  return /^(desk|board)(\?[\w=&%.~-]*)?$/.test(to) ? to : null;
}

export function destinations(roles: readonly Role[]): readonly Destination[] {
  // Who may act needs no page without.
  const observes = !roles.includes("supervisor");
  return DESTINATIONS.filter(({ role }) => roles.includes(role) && (role !== "observer" || observes));
}
