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
  { href: "reports", label: PAGES.reports, role: "analyst" },
  { href: "admin", label: PAGES.admin, role: "admin" },
  { href: "admin?section=audit", label: PAGES.audit, role: "auditor" },
];

/** Who may read reports. */
export const REPORT_READERS: readonly Role[] = ["supervisor", "observer", "analyst"];

/** Where the person was who came here to sign in: a page of these, or null. */
export function wayBack(query: string): string | null {
  const to = new URLSearchParams(query).get("to") ?? "";
  return /^(desk|board|admin|reports)(\?[\w=&%.~-]*)?$/.test(to) ? to : null;
}

export function destinations(roles: readonly Role[]): readonly Destination[] {
  // Who may act needs no page without, and administrators have the audit on their own.
  const covered: readonly Role[] = [
    ...(roles.includes("supervisor") ? ["observer" as const] : []),
    ...(roles.includes("admin") ? ["auditor" as const] : []),
  ];
  return DESTINATIONS.filter(({ role }) => roles.includes(role) && !covered.includes(role));
}
