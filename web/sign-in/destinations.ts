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

export function destinations(roles: readonly Role[]): readonly Destination[] {
  // Who may act needs no page without.
  const observes = !roles.includes("supervisor");
  return DESTINATIONS.filter(({ role }) => roles.includes(role) && (role !== "observer" || observes));
}
