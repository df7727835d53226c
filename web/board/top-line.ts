/** The first line of the board: how current it is, and what can be set up. */

import { html, type TemplateResult } from "lit";
import type { Floor } from "./floor.ts";
import { columnsMenu, type Views, viewsMenu } from "./menus.ts";
import { age } from "./standing.ts";
import "./threshold-menu.ts";
import type { Threshold } from "./thresholds.ts";
import type { Kept, Setup } from "./views.ts";

export interface Top extends Omit<Views, "views"> {
  readonly floor: Floor;
  readonly kept: Kept;
  readonly teams: readonly string[];
  readonly set: (setup: Partial<Setup>) => void;
}

export function topLine({
  floor,
  kept: { setup, views },
  teams,
  set,
  show,
  keep,
  forget,
  download,
}: Top): TemplateResult {
  return html`
    <div class="top">
      ${age(floor)}
      <span class="space"></span>
      <threshold-menu
        .thresholds=${setup.thresholds} .roster=${floor.roster} .sound=${setup.sound} .teams=${teams}
        @thresholds=${(event: CustomEvent<readonly Threshold[]>) => set({ thresholds: event.detail })}
        @sound=${(event: CustomEvent<Setup["sound"]>) => set({ sound: event.detail })}
      ></threshold-menu>
      ${viewsMenu({ views, show, keep, forget, download })}
      ${columnsMenu({
        layout: setup.layout,
        density: setup.density,
        arrange: (layout) => set({ layout }),
        space: (density) => set({ density }),
      })}
    </div>
  `;
}
