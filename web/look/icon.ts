/** The icons of the pages, drawn on a grid of 16 with lines of 1.5. They are never alone: a text beside or on the button says the same. */

import { css, html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

const DRAWN = {
  search: svg`<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3 3"/>`,
  close: svg`<path d="m3.5 3.5 9 9m0-9-9 9"/>`,
  down: svg`<path d="m4 6 4 4 4-4"/>`,
  up: svg`<path d="m4 10 4-4 4 4"/>`,
  columns: svg`<rect x="2" y="3" width="12" height="10" rx="1.5"/><path d="M6 3v10m4-10v10"/>`,
  view: svg`<path d="M4 2.5h8v11l-4-3-4 3z"/>`,
  bell: svg`<path d="M3.5 11.5h9L11.3 9.5V7a3.3 3.3 0 0 0-6.6 0v2.5zM6.5 13.5h3"/>`,
  sound: svg`<path d="M2.5 6.3v3.4h2.3L8 12.5v-9L4.8 6.3zM10.5 6a2.8 2.8 0 0 1 0 4M12 4a5.3 5.3 0 0 1 0 8"/>`,
  silent: svg`<path d="M2.5 6.3v3.4h2.3L8 12.5v-9L4.8 6.3zM10.5 6.3l3.4 3.4m0-3.4-3.4 3.4"/>`,
  warning: svg`<path d="M8 2.5 14 13H2zM8 6.5v3m0 1.8v.2"/>`,
  good: svg`<circle cx="8" cy="8" r="6"/><path d="m5.5 8.2 1.8 1.8 3.3-3.8"/>`,
  note: svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.5v3.2M8 5v.2"/>`,
  danger: svg`<path d="M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM8 5v3.7m0 2v.2"/>`,
  clock: svg`<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.3 1.5"/>`,
  empty: svg`<path d="M2.5 9.5 4.5 3.5h7l2 6v3h-11zM2.5 9.5h3.3l1 1.5h2.4l1-1.5h3.3"/>`,
  open: svg`<rect x="2" y="3" width="12" height="10" rx="1.5"/><path d="M10 3v10"/>`,
} as const;

export type Icon = keyof typeof DRAWN;
export const ICONS = Object.keys(DRAWN) as readonly Icon[];

export function icon(name: Icon): TemplateResult {
  const drawn: SVGTemplateResult = DRAWN[name];
  return html`<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">${drawn}</svg>`;
}

export const iconStyles = css`
  .glyph {
    width: 16px; height: 16px; flex: none; fill: none; stroke: currentColor;
    stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round;
  }
`;
