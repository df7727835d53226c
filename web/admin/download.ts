/** A table of any length as a file: the browser keeps what comes, and saves it once all of it is there. */

import { refusalOf, type Refusal } from "./hub.ts";
import { saveFile } from "../look/save-file.ts";

/** A form of tables that the hub writes. */
export interface TableForm {
  readonly name: string;
  readonly ends: string;
  readonly type: string;
}

export const TABLE_FORMS: readonly TableForm[] = [
  { name: "CSV", ends: "csv", type: "text/csv" },
  { name: "NDJSON", ends: "ndjson", type: "application/x-ndjson" },
];

/** Why there is no file, or null. One that broke off is no file: its rest would not be missed. */
export async function download(
  path: string,
  query: Readonly<Record<string, string>>,
  { type, ends }: TableForm,
  file: string,
): Promise<Refusal | null> {
  try {
    const asked = new URLSearchParams(query).toString();
    const answer = await fetch(`api/v1/${path}${asked === "" ? "" : `?${asked}`}`, { headers: { accept: type } });
    if (!answer.ok) return await refusalOf(answer);
    saveFile(await answer.blob(), `${file}.${ends}`);
    return null;
  } catch {
    return { code: "no_answer", status: 0, detail: "", field: null, index: null };
  }
}
