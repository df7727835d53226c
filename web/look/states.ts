/** What stands where something else will, or should: the shape of what comes, that there is nothing, that it failed; and what was just done. */

import { css, html, nothing, type TemplateResult } from "lit";
import { icon } from "./icon.ts";

/** There is nothing here, why, and what one can do about it. */
export function emptyState(title: string, text: string, way?: TemplateResult): TemplateResult {
  return html`<div class="state">${icon("empty")}<h3>${title}</h3><p>${text}</p>${way ?? nothing}</div>`;
}

/** It did not come, and why. */
export function failedState(title: string, why: string, way?: TemplateResult): TemplateResult {
  return html`<div class="state failed" role="alert">${icon("danger")}<h3>${title}</h3><p>${why}</p>${way ?? nothing}</div>`;
}

/** The shape of so many lines that are coming. */
export function comingLines(count: number, says: string): TemplateResult {
  const lines = Array.from(
    { length: count },
    (_, at) => html`<span class="line ${["long", "short", "middle"][at % 3]}"></span>`,
  );
  return html`<div class="coming" role="status"><span class="unseen">${says}</span>${lines}</div>`;
}

/** What was just done, for a moment. It stands in a live region of the page. */
export function toast(text: string, putAway: { readonly says: string; readonly act: () => void }): TemplateResult {
  return html`
    <p class="toast">${icon("good")}<span>${text}</span>
      <button class="quiet icon" aria-label=${putAway.says} @click=${putAway.act}>${icon("close")}</button></p>
  `;
}

export const stateStyles = css`
  .state { display: grid; justify-items: center; align-content: center; gap: var(--space-2); padding: var(--space-6) var(--space-4); text-align: center; color: var(--text-2); }
  .state > .glyph { width: 32px; height: 32px; stroke-width: 1; color: var(--text-3); }
  .state h3 { color: var(--text); }
  .state p { max-width: 48ch; }
  .state.failed > .glyph { color: var(--danger-line); }

  .coming { display: grid; gap: var(--space-4); padding: var(--space-4); }
  .coming .line { height: 12px; width: 64%; border-radius: 6px; background: var(--line); }
  .coming .long { width: 92%; } .coming .short { width: 38%; }
  @media (prefers-reduced-motion: no-preference) {
    .coming .line { animation: breathe 1.6s ease-in-out infinite alternate; }
    @keyframes breathe { from { opacity: 1; } to { opacity: 0.45; } }
  }

  .toast {
    display: flex; align-items: center; gap: var(--space-2); padding: 8px 8px 8px 16px; border: 1px solid var(--line); border-left: 4px solid var(--good-line);
    border-radius: var(--radius-large); background: var(--raised); color: var(--text); box-shadow: var(--shadow); max-width: calc(100vw - 32px);
  }
  .toast > .glyph { color: var(--good-line); }
  .toasts { position: fixed; right: var(--space-4); bottom: var(--space-4); z-index: 3; display: grid; gap: var(--space-2); justify-items: end; }
  @media (forced-colors: active) { .coming .line { background: GrayText; } }
`;
