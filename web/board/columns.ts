/** The columns of the grid: which are shown, in which order, how wide. Pure steps; the page keeps the result. */

export const COLUMNS = [
  "agent",
  "presence",
  "since",
  "next",
  "setBy",
  "reason",
  "hold",
  "capacity",
  "work",
  "sessions",
  "teams",
  "queues",
  "skills",
] as const;
export type ColumnId = (typeof COLUMNS)[number];

/** Pixels. */
const WIDTHS: Readonly<Record<ColumnId, number>> = {
  agent: 200,
  presence: 146,
  since: 150,
  next: 150,
  setBy: 150,
  reason: 120,
  hold: 84,
  capacity: 116,
  work: 92,
  sessions: 80,
  teams: 90,
  queues: 140,
  skills: 140,
};

export const NARROWEST = 64;
export const WIDEST = 1200;

export interface Layout {
  /** All columns; the first stays first, because it says whose row it is. */
  readonly order: readonly ColumnId[];
  readonly hidden: readonly ColumnId[];
  /** Only those that were given another width than usual. */
  readonly widths: Readonly<Partial<Record<ColumnId, number>>>;
}

/** Fits a window of 1,400 pixels. */
export const USUAL: Layout = { order: COLUMNS, hidden: ["sessions", "queues", "skills"], widths: {} };

export function shownColumns({ order, hidden }: Layout): readonly ColumnId[] {
  return order.filter((column) => !hidden.includes(column));
}

export function widthOf({ widths }: Layout, column: ColumnId): number {
  return widths[column] ?? WIDTHS[column];
}

export function resized(layout: Layout, column: ColumnId, width: number): Layout {
  const within = Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
  return { ...layout, widths: { ...layout.widths, [column]: within } };
}

export function toggled(layout: Layout, column: ColumnId): Layout {
  if (column === "agent") return layout;
  const { hidden } = layout;
  return {
    ...layout,
    hidden: hidden.includes(column) ? hidden.filter((other) => other !== column) : [...hidden, column],
  };
}

export function moved(layout: Layout, column: ColumnId, direction: "before" | "after"): Layout {
  const from = layout.order.indexOf(column);
  const to = direction === "before" ? from - 1 : from + 1;
  // The first column stays where it is.
  if (from < 1 || to < 1 || to >= layout.order.length) return layout;
  const order = layout.order.filter((other) => other !== column);
  order.splice(to, 0, column);
  return { ...layout, order };
}

/** What was kept, as far as it still makes sense: an older page may have kept it, or a newer one. */
export function layoutOf(kept: unknown): Layout {
  if (typeof kept !== "object" || kept === null) return USUAL;
  const { order, hidden, widths } = kept as Record<string, unknown>;
  const named = (list: unknown): ColumnId[] =>
    Array.isArray(list) ? COLUMNS.filter((column) => list.includes(column)) : [];
  const inOrder = Array.isArray(order) ? order.filter((id): id is ColumnId => COLUMNS.includes(id as ColumnId)) : [];
  const known = [...new Set<ColumnId>(["agent", ...inOrder])];
  let layout: Layout = {
    order: [...known, ...COLUMNS.filter((column) => !known.includes(column))],
    hidden: Array.isArray(hidden) ? named(hidden).filter((column) => column !== "agent") : USUAL.hidden,
    widths: {},
  };
  for (const [column, width] of Object.entries(typeof widths === "object" && widths !== null ? widths : {})) {
    const known = COLUMNS.find((id) => id === column);
    if (known !== undefined && typeof width === "number") layout = resized(layout, known, width);
  }
  return layout;
}

/** As `grid-template-columns` has them; the last takes what is left over. */
export function template(layout: Layout): string {
  const columns = shownColumns(layout);
  return columns
    .map((column, at) =>
      at === columns.length - 1 ? `minmax(${widthOf(layout, column)}px, 1fr)` : `${widthOf(layout, column)}px`,
    )
    .join(" ");
}

export function wholeWidth(layout: Layout): number {
  return shownColumns(layout).reduce((sum, column) => sum + widthOf(layout, column), 0);
}
