/** What fills an area of a chart: the colour of a status with a texture of its own, so that areas can be told apart in grey. */

import type { BasePresenceStatus } from "../wire.ts";

/** The side of a tile that repeats, in pixels of the page. */
const SIDE = 6;

type Draws = (context: CanvasRenderingContext2D) => void;

const stroke =
  (...lines: readonly (readonly [number, number, number, number])[]): Draws =>
  (context) => {
    context.beginPath();
    for (const [x, y, toX, toY] of lines) {
      context.moveTo(x, y);
      context.lineTo(toX, toY);
    }
    context.stroke();
  };

const solid: Draws = (context) => context.fillRect(0, 0, SIDE, SIDE);
const over =
  (...draws: readonly Draws[]): Draws =>
  (context) => {
    for (const one of draws) one(context);
  };
const faint: Draws = (context) => {
  context.globalAlpha = 0.3;
  solid(context);
};
const whole: Draws = (context) => void (context.globalAlpha = 1);
const bold: Draws = (context) => void (context.lineWidth = 2.6);
const dot: Draws = (context) => {
  context.beginPath();
  context.arc(SIDE / 2, SIDE / 2, 1, 0, 2 * Math.PI);
  context.fill();
};
const diagonal = stroke([-1, 1, 1, -1], [0, SIDE, SIDE, 0], [SIDE - 1, SIDE + 1, SIDE + 1, SIDE - 1]);
const upright = stroke([SIDE / 2, 0, SIDE / 2, SIDE]);
const level = stroke([0, SIDE / 2, SIDE, SIDE / 2]);

const COLOURED: Record<BasePresenceStatus, Draws> = {
  AVAILABLE: solid,
  BUSY: solid,
  BUSY_DO_NOT_DISTURB: over(faint, whole, bold, diagonal),
  AWAY: solid,
  OFFLINE: faint,
};

/** In forced colours there is one colour: the texture is all that differs. */
const PLAIN: Record<BasePresenceStatus, Draws> = {
  AVAILABLE: diagonal,
  BUSY: solid,
  BUSY_DO_NOT_DISTURB: over(level, upright),
  AWAY: dot,
  OFFLINE: level,
};

export interface Fill {
  readonly status: BasePresenceStatus;
  readonly color: string;
  /** Behind the texture: what is painted before must not shine through. */
  readonly ground: string;
  readonly forced: boolean;
}

export function texture({ status, color, ground, forced }: Fill): CanvasPattern | string {
  const scale = Math.max(1, Math.round(devicePixelRatio));
  const tile = document.createElement("canvas");
  tile.width = SIDE * scale;
  tile.height = SIDE * scale;
  const context = tile.getContext("2d");
  if (context === null) return color;
  context.scale(scale, scale);
  context.fillStyle = ground;
  solid(context);
  context.fillStyle = color;
  context.strokeStyle = color;
  (forced ? PLAIN : COLOURED)[status](context);
  return context.createPattern(tile, "repeat") ?? color;
}
