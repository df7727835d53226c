/** The head of the grid: a heading for each column, which sorts, and its edge, which changes the width by pointer or arrow keys. */

import { html, type TemplateResult } from "lit";
import { icon } from "../look/icon.ts";
import { COLUMN, GRID } from "../words/board.ts";
import { type ColumnId, type Layout, NARROWEST, shownColumns, WIDEST, widthOf } from "./columns.ts";
import type { Order } from "./survey.ts";

export interface Head {
  readonly layout: Layout;
  readonly order: Order;
  readonly sort: (by: ColumnId) => void;
  readonly resize: (column: ColumnId, width: number) => void;
}

export function headings(head: Head): readonly TemplateResult[] {
  return shownColumns(head.layout).map((column) => heading(column, head));
}

function heading(column: ColumnId, head: Head): TemplateResult {
  const sorted = head.order.by === column ? head.order.direction : "none";
  const mark = sorted === "none" ? "" : icon(sorted === "ascending" ? "up" : "down");
  const width = widthOf(head.layout, column);
  return html`
    <div role="columnheader" aria-label=${COLUMN[column]} aria-sort=${sorted}>
      <button class="sort" @click=${() => head.sort(column)}>${COLUMN[column]}${mark}</button>
      <div
        class="edge" role="separator" tabindex="0" aria-orientation="vertical" aria-label=${GRID.width(COLUMN[column])}
        aria-valuenow=${width} aria-valuemin=${NARROWEST} aria-valuemax=${WIDEST}
        @keydown=${(event: KeyboardEvent) => byKey(event, column, width, head)}
        @pointerdown=${(event: PointerEvent) => byPointer(event, column, width, head)}
      ></div>
    </div>
  `;
}

const STEP = 16;

function byKey(event: KeyboardEvent, column: ColumnId, width: number, head: Head): void {
  const step = event.key === "ArrowRight" ? STEP : event.key === "ArrowLeft" ? -STEP : 0;
  if (step === 0) return;
  event.preventDefault();
  event.stopPropagation();
  head.resize(column, width + step);
}

function byPointer(event: PointerEvent, column: ColumnId, width: number, head: Head): void {
  const edge = event.currentTarget as HTMLElement;
  const from = event.clientX;
  event.preventDefault();
  edge.setPointerCapture(event.pointerId);
  const move = (moved: PointerEvent): void => head.resize(column, width + moved.clientX - from);
  const end = (): void => edge.removeEventListener("pointermove", move);
  edge.addEventListener("pointermove", move);
  edge.addEventListener("lostpointercapture", end, { once: true });
}
