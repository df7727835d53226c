/** Why a presence is what it is: what decided, and, on request, what was looked at and passed over. */

import { html, nothing, type TemplateResult } from "lit";
import type { RuleConsidered } from "../wire.ts";
import { icon } from "../look/icon.ts";
import { capitalized } from "../words/contract.ts";
import { DRAWER } from "../words/board.ts";

export function because(rules: readonly RuleConsidered[]): TemplateResult {
  const [decided, passed] = [rules.filter(({ applied }) => applied), rules.filter(({ applied }) => !applied)];
  const sentence = ({ says, rule }: RuleConsidered): string => DRAWER.rule(capitalized(says), rule);
  return html`
    <ul>${decided.map((rule) => html`<li class="rule">${icon("good")}<span>${sentence(rule)}</span></li>`)}</ul>
    ${
      passed.length === 0
        ? nothing
        : html`<details><summary>${DRAWER.passedOver(passed.length)}</summary><ul>${passed.map((rule) => html`<li>${sentence(rule)}</li>`)}</ul></details>`
    }
  `;
}
