/** How a planned change and its result look in a row. */

import { css, html, type TemplateResult } from "lit";
import { icon } from "../look/icon.ts";
import { badge, markStyles } from "../look/marks.ts";
import { MANY } from "../words/admin-agents.ts";
import type { Planned } from "./bulk-plan.ts";
import type { Became } from "./bulk-sending.ts";
import type { Directory } from "./kind.ts";
import { AGENTS as KIND } from "./kinds/agents.ts";
import { spoken } from "./spoken.ts";

export function markOf(directory: Directory): {
  change: (one: Planned) => TemplateResult;
  result: (became: Became | undefined) => TemplateResult;
} {
  const fields = KIND.fields(directory, "there");
  const differences = (one: Extract<Planned, { differences: unknown }>): TemplateResult => {
    const lines = one.differences.map(({ name, before, after }) => {
      const field = fields.find((other) => other.name === name);
      const was = one.will === "create" ? "" : html`<del>${spoken(field, before)}</del> → `;
      return html`<li><span class="what">${field?.label ?? name}</span> ${was}<ins>${spoken(field, after)}</ins></li>`;
    });
    return html`<ul class="changes">${lines}</ul>`;
  };
  return {
    change: (one) => {
      switch (one.will) {
        case "fail":
          return html`<ul class="changes">${one.row.mistakes.map((text) => html`<li class="mistake">${icon("danger")}${text}</li>`)}</ul>`;
        case "create":
          return html`${badge("note", MANY.newAgent)}${differences(one)}`;
        case "change":
          return differences(one);
        case "stay":
          return html`<span class="faint">${MANY.same}</span>`;
      }
    },
    result: (became) => {
      switch (became?.is) {
        case "done":
          return badge("good", MANY.done);
        case "refused":
          return html`${badge("danger", MANY.refused)} ${became.why}`;
        case "unknown":
          return badge("warning", MANY.unknown);
        case undefined:
          return badge("plain", MANY.notSent);
      }
    },
  };
}

export const badgeStyles = [
  markStyles,
  css`
    .changes { list-style: none; margin: 0; padding: 0; display: grid; gap: 2px; }
    .changes .what { color: var(--text-3); }
    del { color: var(--text-3); }
    ins { font-weight: 600; text-decoration: none; }
    .mistake { display: flex; gap: 6px; color: var(--danger-text); }
    .wrong { display: flex; gap: 6px; color: var(--danger-text); font: var(--caption) var(--font); }
    textarea { width: 100%; font-family: ui-monospace, "Cascadia Mono", Consolas, monospace; font-size: 13px; resize: vertical; }
    input[type="file"] { padding: 5px 8px; }
    progress { width: 100%; accent-color: var(--brand-fill); }
    h2:focus { outline: none; }
    .hint { max-width: 90ch; }
    .foot { padding: 8px var(--pad); border-top: 1px solid var(--line); color: var(--text-3); }
    @media (forced-colors: active) { del { color: GrayText; } }
  `,
];
