/** What is shown as a file: the table of a report, or every interval of the time. One that broke off is no file. */

import { refusal } from "../live/session.ts";
import { saveFile } from "../look/save-file.ts";
import type { Place } from "./address.ts";
import { about, reportAddress } from "./question.ts";
import type { Between } from "./spans.ts";

export interface Export {
  readonly name: "table" | "csv" | "ndjson" | "parquet";
  readonly address: string;
  readonly accept: string;
  readonly file: string;
}

const FORMS = [
  ["csv", "text/csv"],
  ["ndjson", "application/x-ndjson"],
  ["parquet", "application/vnd.apache.parquet"],
] as const;

/** What can be exported of a place. */
export function exportsOf(shown: Place, between: Between): readonly Export[] {
  const { agent } = shown;
  // Whoever looks at the rows of one agent saves that agent's.
  const place = agent === null ? shown : { ...shown, teams: [], agents: [agent] };
  const day = new Date(between.from).toISOString().slice(0, 10);
  const table = tableOf(place, between);
  const whole = `api/v1/history/export?${about(between, place).toString()}`;
  return [
    ...(table === null
      ? []
      : [{ name: "table", address: table, accept: "text/csv", file: `${place.section}-${day}.csv` } as const]),
    ...FORMS.map(([name, accept]) => ({ name, address: whole, accept, file: `history-${day}.${name}` })),
  ];
}

function tableOf(place: Place, between: Between): string | null {
  switch (place.section) {
    case "time":
      return reportAddress("time-in-status", between, place);
    case "summary":
    case "adherence":
      return reportAddress(place.section, between, place);
    case "incidents":
      return `api/v1/reports/disconnections?${about(between, place).toString()}`;
    case "sign-ins":
      return `api/v1/reports/sign-ins?${about(between, place).toString()}`;
    case "timelines":
    case "floor":
    case "disputes":
      return null;
  }
}

export async function save({ address, accept, file }: Export): Promise<void> {
  const answer = await fetch(address, { headers: { accept }, cache: "no-store" });
  if (!answer.ok) throw await refusal(answer);
  saveFile(await answer.blob(), file);
}
