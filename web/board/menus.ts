/** The menus of the grid: which columns it has, and the views that a person keeps. */

import { css, html, nothing, type TemplateResult } from "lit";
import "../look/drop-down.ts";
import { entered } from "../look/form.ts";
import { icon } from "../look/icon.ts";
import { BOARD, COLUMN, COLUMNS_MENU, VIEWS } from "../words/board.ts";
import { WALL } from "../words/board-more.ts";
import { wallAddress } from "./address.ts";
import { type Layout, moved, toggled, USUAL } from "./columns.ts";
import type { Density, View } from "./views.ts";

export interface Columns {
  readonly layout: Layout;
  readonly density: Density;
  readonly arrange: (layout: Layout) => void;
  readonly space: (density: Density) => void;
}

export function columnsMenu({ layout, density, arrange, space }: Columns): TemplateResult {
  return html`
    <drop-down label=${COLUMNS_MENU.title} glyph="columns">
      <ul class="columns">
        ${layout.order.map(
          (column) => html`
            <li>
              <label class="choice">
                <input type="checkbox" .checked=${!layout.hidden.includes(column)} ?disabled=${column === "agent"}
                  @change=${() => arrange(toggled(layout, column))} />
                <span>${COLUMN[column]}</span>
              </label>
              ${
                column === "agent"
                  ? nothing
                  : html`
                    <button class="quiet icon" aria-label=${COLUMNS_MENU.before(COLUMN[column])} @click=${() => arrange(moved(layout, column, "before"))}>${icon("up")}</button>
                    <button class="quiet icon" aria-label=${COLUMNS_MENU.after(COLUMN[column])} @click=${() => arrange(moved(layout, column, "after"))}>${icon("down")}</button>`
              }
            </li>`,
        )}
      </ul>
      <label class="choice">
        <input type="checkbox" .checked=${density === "compact"} @change=${() => space(density === "compact" ? "comfortable" : "compact")} />
        <span>${BOARD.density}</span>
      </label>
      <button class="quiet" @click=${() => arrange(USUAL)}>${COLUMNS_MENU.usual}</button>
    </drop-down>
  `;
}

export interface Views {
  readonly views: readonly View[];
  readonly show: (view: View) => void;
  readonly keep: (name: string) => void;
  readonly forget: (name: string) => void;
  readonly download: () => void;
}

export function viewsMenu({ views, show, keep, forget, download }: Views): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    const name = entered(event)("name");
    if (name !== "") keep(name);
    (event.target as HTMLFormElement).reset();
  };
  return html`
    <drop-down label=${VIEWS.title} glyph="view">
      ${views.length === 0 ? html`<p class="faint">${VIEWS.none}</p>` : nothing}
      <ul class="views">
        ${views.map(
          (view) => html`
            <li><button class="quiet" @click=${() => show(view)}>${view.name}</button>
              <button class="quiet icon" aria-label=${VIEWS.remove(view.name)} @click=${() => forget(view.name)}>${icon("close")}</button></li>`,
        )}
      </ul>
      <form @submit=${submit}>
        <div class="field"><label for="view">${VIEWS.name}</label><input id="view" name="name" maxlength="80" required autocomplete="off" /></div>
        <button class="primary">${VIEWS.keep}</button>
      </form>
      <p class="faint caption">${VIEWS.where}</p>
      <button class="quiet" @click=${download}>${VIEWS.download}</button>
      <a class="button quiet" href=${wallAddress(location.search)}>${WALL.open}</a>
    </drop-down>
  `;
}

export const menuStyles = css`
  .columns, .views { list-style: none; margin: 0 0 8px; padding: 0; }
  .columns li, .views li { display: flex; align-items: center; gap: 4px; }
  .columns .choice, .views button:first-child { flex: 1; justify-content: start; }
  .columns button { min-height: 28px; width: 28px; }
  drop-down form { display: grid; gap: 8px; min-width: 220px; margin-bottom: 8px; }
  .caption { font: var(--caption) var(--font); }
`;
