/** The settings that administrators change: what each means is what the hub's own description of its interface says. */

import type { Settings } from "../../wire.ts";
import { SETTINGS as WORDS } from "../../words/admin-settings.ts";
import type { Control, Field } from "../fields.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Kind } from "../kind.ts";

const TRUTH: Control = { as: "check" };
const SPAN: Control = { as: "line", least: 0, most: 256 };

/** In the order in which people look for them. */
const CONTROLS: Readonly<Record<keyof Settings, Control>> = {
  signInPolicy: { as: "one-of", choices: WORDS.policies },
  restoreWindow: SPAN,
  restoreAfterSignOut: TRUTH,
  refreshGrace: SPAN,
  restartGrace: SPAN,
  missedNotifications: TRUTH,
  rejectNotifications: TRUTH,
  maxOpenWorkItems: { as: "number", least: 1, most: 100, needed: false },
  workItemLimitAutoClear: TRUTH,
  dailyReset: SPAN,
  autoProvisionAgents: TRUTH,
};

/** Where they are described, as a JSON Pointer has it. */
const WHERE = "components/schemas/Settings/properties";

/** What the description of the interface says of each setting, by its name. */
export function meanings(openApi: Json): ReadonlyMap<string, string> {
  const properties = WHERE.split("/").reduce<Json | undefined>(
    (within, name) => (isObject(within) ? within[name] : undefined),
    openApi,
  );
  const described = isObject(properties) ? Object.entries(properties) : [];
  return new Map(
    described.flatMap(([name, said]) => {
      const text = isObject(said) ? said["description"] : undefined;
      return typeof text === "string" ? [[name, plain(text)] as const] : [];
    }),
  );
}

export function settingsKind(meaning: ReadonlyMap<string, string>): Kind {
  const fields: readonly Field[] = Object.entries(CONTROLS).map(([name, control]) => {
    const hint = meaning.get(name);
    return { name, label: WORDS.labels[name as keyof Settings], control, ...(hint === undefined ? {} : { hint }) };
  });
  return {
    section: "settings",
    path: "settings",
    id: "",
    about: "settings",
    words: { ...WORDS, one: "", add: "", none: "", noneText: "" },
    named: "",
    hubMakesIds: true,
    blank: {},
    columns: [],
    fields: () => fields,
    warned,
    whyFixed: () => null,
  };
}

function warned({ missedNotifications, rejectNotifications }: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (missedNotifications === false) found.set("missedNotifications", WORDS.missedOff);
  if (rejectNotifications === false) found.set("rejectNotifications", WORDS.rejectedOff);
  return found;
}

/** Without what the control shows by itself, and without the signs of code. */
function plain(text: string): string {
  return text.replace(/ May be (true or false|one of [^.]*)\.$/, "").replaceAll("`", "");
}
