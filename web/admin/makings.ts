/** What is made once: API tokens, revocations and erasures. */

import { ERASURES, REVOCATIONS, TOKENS } from "../words/admin-lists.ts";
import { ROLES } from "../words/admin.ts";
import { type Choice, textOf } from "./fields.ts";
import type { Making } from "./make-form.ts";
import { withoutNulls } from "./values.ts";

const ROLE_CHOICES: readonly Choice[] = Object.entries(ROLES).map(([value, label]) => ({
  value,
  label,
  hint: TOKENS.roleHints[value as keyof typeof ROLES],
}));

export const NEW_TOKEN: Making = {
  section: "tokens",
  path: "tokens",
  fields: [
    { name: "name", label: TOKENS.name, hint: TOKENS.nameHint, control: { as: "line", least: 1, most: 256 } },
    { name: "subject", label: TOKENS.subject, hint: TOKENS.subjectHint, control: { as: "line", least: 1, most: 256 } },
    { name: "roles", label: TOKENS.may, control: { as: "some-of", choices: ROLE_CHOICES, least: 1 } },
    {
      name: "teams",
      label: TOKENS.teams,
      hint: TOKENS.teamsHint,
      control: { as: "texts", most: 50 },
      when: ({ roles }) =>
        ["supervisor", "observer", "analyst"].some((role) => Array.isArray(roles) && roles.includes(role)),
    },
    { name: "expiresAt", label: TOKENS.ends, hint: TOKENS.endsHint, control: { as: "instant" } },
  ],
  blank: { roles: [], expiresAt: new Date(Date.now() + 90 * 86_400_000).toISOString() },
  make: TOKENS.add,
  made: TOKENS.made_,
  secret: ({ token }) => ({ label: TOKENS.secret, text: textOf(token) }),
  // No team at all limits to none.
  sent: ({ teams, ...rest }) => (Array.isArray(teams) && teams.length > 0 ? { ...rest, teams } : rest),
};

export const NEW_REVOCATION: Making = {
  section: "revocations",
  path: "revocations",
  fields: [
    { name: "which", label: REVOCATIONS.which, control: { as: "one-of", choices: REVOCATIONS.whichChoices } },
    {
      name: "subject",
      label: REVOCATIONS.subject,
      hint: REVOCATIONS.subjectHint,
      control: { as: "line", least: 1, most: 256 },
      when: ({ which }) => which === "all",
    },
    {
      name: "tokenId",
      label: REVOCATIONS.tokenId,
      hint: REVOCATIONS.tokenIdHint,
      control: { as: "line", least: 1, most: 256 },
      when: ({ which }) => which === "one",
    },
    {
      name: "reason",
      label: REVOCATIONS.reason,
      hint: REVOCATIONS.reasonHint,
      control: { as: "line", least: 0, most: 500 },
    },
  ],
  blank: { which: "all" },
  make: REVOCATIONS.add,
  made: REVOCATIONS.made,
  sent: ({ subject, tokenId, reason }) =>
    withoutNulls({ subject: subject ?? null, tokenId: tokenId ?? null, reason: reason ?? null }),
};

export const NEW_ERASURE: Making = {
  section: "erasures",
  path: "erasures",
  fields: [{ name: "id", label: ERASURES.id, hint: ERASURES.idHint, control: { as: "line", least: 1, most: 256 } }],
  blank: {},
  make: ERASURES.add,
  made: ERASURES.made,
  tells: ({ pseudonym }) => ERASURES.tells(textOf(pseudonym)),
  sure: ({ id }) => ({ title: ERASURES.sure(textOf(id)), text: ERASURES.sureText, yes: ERASURES.erase }),
};
