/** The drawing of a chart, by uPlot. It is loaded when the first chart is shown, so pages without one do not pay for it. */

import uPlot, { type AlignedData, type Options } from "uplot";
import sheet from "uplot/dist/uPlot.min.css?inline";
import type { BasePresenceStatus } from "../wire.ts";
import type { Columns } from "./chart-data.ts";
import { texture } from "./textures.ts";

export interface Colors {
  readonly of: (status: BasePresenceStatus) => string;
  readonly text: string;
  readonly line: string;
  readonly ground: string;
  readonly mark: string;
  readonly font: string;
  readonly forced: boolean;
}

export interface Drawing {
  readonly columns: Columns;
  readonly width: number;
  readonly height: number;
  readonly colors: Colors;
  /** Instants of the vertical marks, in milliseconds. */
  readonly marks: readonly number[];
  /** The clock of the zone that is meant. */
  readonly clock: (seconds: number) => string;
  readonly count: (value: number) => string;
  /** The instant that is pointed at, in milliseconds; null if none. */
  readonly pointed: (instant: number | null) => void;
}

/** A sample of what fills the area of a status. */
export function sample(place: HTMLCanvasElement, status: BasePresenceStatus, colors: Colors): void {
  const context = place.getContext("2d");
  if (context === null) return;
  context.fillStyle = texture({ status, color: colors.of(status), ground: colors.ground, forced: colors.forced });
  context.fillRect(0, 0, place.width, place.height);
}

/** Of the library; the element adopts it. */
export const PLOT_SHEET: string = sheet;

export function draw(place: HTMLElement, drawing: Drawing): uPlot {
  const { columns, colors } = drawing;
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const options: Options = {
    width: drawing.width,
    height: drawing.height,
    legend: { show: false },
    padding: [8, 28, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: true }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] } },
    axes: [
      { ...axis(colors), space: 64, size: 32, incrs: TIMES, values: (_, instants) => instants.map(drawing.clock) },
      { ...axis(colors), size: 48, incrs: WHOLE, values: (_, values) => values.map(drawing.count) },
    ],
    series: [
      {},
      ...columns.statuses.map((status) => ({
        ...(stepped === undefined ? {} : { paths: stepped }),
        stroke: colors.ground,
        width: 1,
        fill: () => texture({ status, color: colors.of(status), ground: colors.ground, forced: colors.forced }),
        points: { show: false },
      })),
    ],
    hooks: {
      draw: [(plot) => mark(plot, drawing)],
      setCursor: [
        (plot) => {
          const { left = -1 } = plot.cursor;
          drawing.pointed(left < 0 ? null : plot.posToVal(left, "x") * 1000);
        },
      ],
    },
  };
  return new uPlot(options, [columns.at, ...columns.heights] as AlignedData, place);
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
/** So many seconds may lie between two times of the axis, whose clock shows minutes. */
const TIMES = [
  ...[1, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((days) => days * DAY),
];
/** Agents are counted; there are no halves of them on the axis. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];

function axis({ text, line, font }: Colors): Pick<uPlot.Axis, "stroke" | "grid" | "ticks" | "font"> {
  return { stroke: text, grid: { stroke: line, width: 1 }, ticks: { show: false }, font };
}

function mark(plot: uPlot, { marks, colors }: Drawing): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colors.mark;
  ctx.fillStyle = colors.mark;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const instant of marks) {
    const x = plot.valToPos(instant / 1000, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const side = 4 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x - side, bbox.top);
    ctx.lineTo(x + side, bbox.top);
    ctx.lineTo(x, bbox.top + side * 1.5);
    ctx.fill();
  }
  ctx.restore();
}
