/** "Until when": the choices of the dialog, and the instant they mean. */

import { CHOOSING } from "../words/desk.ts";

export interface UntilChoice {
  readonly value: string;
  readonly label: string;
}

export const UNTIL_CHOICES: readonly UntilChoice[] = [
  { value: "", label: CHOOSING.untilChanged },
  { value: "15", label: CHOOSING.minutes(15) },
  { value: "30", label: CHOOSING.minutes(30) },
  { value: "60", label: CHOOSING.hour },
  { value: "at", label: CHOOSING.untilATime },
];

const MINUTE = 60_000;

/**
 * The instant in the contract's form, or undefined for "until I change it". `now` is the hub's
 * time; `at` is `HH:MM` on the person's wall, today or, when that has passed, tomorrow.
 */
export function until(choice: string, at: string, now: number): string | undefined {
  if (choice === "") return undefined;
  if (choice !== "at") return new Date(now + Number(choice) * MINUTE).toISOString();
  const [hours, minutes] = at.split(":").map(Number);
  if (hours === undefined || minutes === undefined || Number.isNaN(hours) || Number.isNaN(minutes)) return undefined;
  const wall = new Date(now);
  wall.setHours(hours, minutes, 0, 0);
  if (wall.getTime() <= now) wall.setDate(wall.getDate() + 1);
  return wall.toISOString();
}
