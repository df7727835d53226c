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
];

export function destinations(roles: readonly Role[]): readonly Destination[] {
  return DESTINATIONS.filter((destination) => roles.includes(destination.role));
}
