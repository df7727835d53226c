/** Shares of a whole as a bar. The figures beside it say the same. */

import { html, svg, type TemplateResult } from "lit";

export interface Part {
  readonly share: number;
  /** The class that colours it. */
  readonly looks: string;
}

export function stack(parts: readonly Part[]): TemplateResult {
  let x = 0;
  const drawn = parts
    .filter(({ share }) => share > 0)
    .map(({ share, looks }) => {
      const at = x;
      x += share * 100;
      return svg`<rect class=${looks} x=${at} width=${share * 100} height="10"/>`;
    });
  return html`<svg class="stack" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="ground" width="100" height="10"/>${drawn}</svg>`;
}
