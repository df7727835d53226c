/** How the dialog "Set your presence status" is drawn: what is now, and what can be chosen. */

import type { AgentPresence, Presence } from "../wire.ts";
import { BASES, CHOOSING, INDICATOR, presenceText } from "../words/indicator.ts";
import { type Child, h, type Markup } from "./dom.ts";
import { found, groups } from "./options.ts";
import { icon } from "./shapes.ts";
import type { Shown } from "./shown.ts";
import { endInWords, type Length, until, untilChoices } from "./until.ts";
import { type Acts, holdBanner, wayOut } from "./views.ts";

/** What the person has entered so far, and what the hub said to it. */
export interface Entered {
  readonly presenceId: string;
  readonly length: Length;
  readonly at: string;
  readonly sought: string;
  readonly refusal: string;
  readonly asking: "idle" | "asking";
  /** The end that was set when the dialog was opened, and for which presence. */
  readonly set: WasSet;
}

export interface WasSet {
  readonly presenceId: string;
  readonly until: string | null;
  readonly reason: string;
  readonly next: string;
}

const NOTHING_SET: WasSet = { presenceId: "", until: null, reason: "", next: "" };

export const NOTHING_ENTERED: Entered = {
  presenceId: "",
  length: "",
  at: "",
  sought: "",
  refusal: "",
  asking: "idle",
  set: NOTHING_SET,
};

/** The dialog opens with what is set. What the hub set by itself is no choice, so it has no end to keep. */
export function asSet(agent: AgentPresence): Entered {
  const { presence, until: end, reason, nextPresenceId } = agent;
  const set = { presenceId: presence.presenceId, until: end, reason: reason ?? "", next: nextPresenceId ?? "" };
  return { ...NOTHING_ENTERED, presenceId: presence.presenceId, length: end === null ? "" : "kept", set };
}

/** An end that was set belongs to the presence for which it was. */
export function choosing(entered: Entered, presenceId: string): Entered {
  const { set, length } = entered;
  if (length !== "" && length !== "kept") return { ...entered, presenceId };
  return { ...entered, presenceId, length: presenceId === set.presenceId && set.until !== null ? "kept" : "" };
}

export interface DialogActs extends Acts {
  enter(what: Partial<Entered>): void;
  choose(presenceId: string): void;
  submit(event: SubmitEvent): void;
  close(): void;
}

export interface Choosable {
  readonly options: readonly Presence[];
  /** Those that were given before. */
  readonly reasons: readonly string[];
  readonly now: number;
}

/** So many can be looked over without searching. */
const SEARCHED_FROM = 12;

export function dialog(shown: Shown, entered: Entered, from: Choosable, acts: DialogActs): readonly Child[] {
  const title = h("h2", { id: "title" }, shown.known ? CHOOSING.title : `${INDICATOR.label}${shown.text}`);
  if (!shown.known) {
    return [
      title,
      h("p", {}, shown.long, " ", INDICATOR.unknownExplained),
      h("div", { class: "actions" }, wayOut(shown.remedy, acts), close(INDICATOR.close, acts)),
    ];
  }
  const current = h(
    "div",
    { class: "current" },
    icon(shown.presence),
    h("div", {}, ...shown.facts.map((fact, at) => h("p", { class: at === 0 ? "first" : "more" }, fact))),
  );
  return [title, current, holdBanner(shown, "", acts), form(entered, from, acts)];
}

function form(entered: Entered, from: Choosable, acts: DialogActs): Markup {
  return h(
    "form",
    { id: "form", onsubmit: (event: SubmitEvent) => acts.submit(event) },
    ...choices(entered, from.options, acts),
    howLong(entered, from, acts),
    reason(from.reasons),
    h("p", { class: "refusal", role: "alert" }, entered.refusal),
    h(
      "div",
      { class: "actions" },
      h("button", { class: "primary", disabled: entered.asking === "asking" }, CHOOSING.set),
      close(INDICATOR.cancel, acts),
    ),
  );
}

function close(label: string, acts: DialogActs): Markup {
  return h("button", { type: "button", onclick: () => acts.close() }, label);
}

function choices(entered: Entered, options: readonly Presence[], acts: DialogActs): readonly Child[] {
  const many = options.length >= SEARCHED_FROM;
  const listed = found(options, entered.sought);
  const search = h("input", {
    type: "search",
    autocomplete: "off",
    "aria-label": CHOOSING.search,
    placeholder: CHOOSING.search,
    oninput: (event: InputEvent) => acts.enter({ sought: (event.target as HTMLInputElement).value }),
  });
  const grouped = groups(listed);
  const named = grouped.some(({ presences }) => presences.length > 1);
  return [
    many ? h("div", { class: "field" }, search) : null,
    h(
      "fieldset",
      { class: "options", part: "options" },
      h("legend", { class: "unseen" }, CHOOSING.presence),
      listed.length === 0 ? h("p", { class: "more" }, CHOOSING.nothingFound) : null,
      ...grouped.flatMap(({ base, presences }) => [
        named ? h("p", { class: "base", "aria-hidden": "true" }, BASES[base]) : null,
        ...presences.map((presence) => option(presence, acts)),
      ]),
    ),
  ];
}

function option(presence: Presence, acts: DialogActs): Markup {
  const { presenceId, description } = presence;
  return h(
    "label",
    { id: `option-${presenceId}`, class: "option" },
    h("input", {
      type: "radio",
      name: "presence",
      value: presenceId,
      required: true,
      onchange: () => acts.choose(presenceId),
    }),
    icon(presence),
    h("span", {}, presenceText(presence)),
    description === "" ? null : h("span", { class: "more" }, description),
  );
}

function howLong(entered: Entered, from: Choosable, acts: DialogActs): Markup {
  const { presenceId, length, at, set } = entered;
  const chosen = from.options.find((presence) => presence.presenceId === presenceId) ?? null;
  const kept = presenceId === set.presenceId ? set.until : null;
  const choice = (event: Event): void => acts.enter({ length: (event.target as HTMLSelectElement).value as Length });
  const time = (event: Event): void => acts.enter({ at: (event.target as HTMLInputElement).value });
  const ends = length === "kept" ? null : endInWords(until(length, at, kept, from.now), from.now);
  return h(
    "div",
    { class: "field" },
    h("label", { for: "length" }, CHOOSING.howLong),
    h(
      "select",
      { id: "length", name: "length", "aria-describedby": "ends", onchange: choice },
      ...untilChoices(chosen, kept, from.now).map(({ value, label }) => h("option", { value }, label)),
    ),
    length === "at" ? h("label", { for: "at" }, CHOOSING.timeOfDay) : null,
    length === "at" ? h("input", { id: "at", name: "at", type: "time", required: true, oninput: time }) : null,
    length === "" ? null : next(from.options, presenceId),
    h(
      "p",
      { id: "ends", class: "more", "aria-live": length === "at" ? "polite" : "off" },
      ends?.says ?? "",
      ends?.warns == null ? null : h("strong", {}, ` ${ends.warns}`),
    ),
  );
}

/** What follows, once there is an end. */
function next(options: readonly Presence[], presenceId: string): Markup {
  const others = options.filter((presence) => presence.presenceId !== presenceId);
  return h(
    "label",
    { class: "field", id: "then" },
    CHOOSING.next,
    h(
      "select",
      { name: "next" },
      h("option", { value: "" }, CHOOSING.computed),
      ...others.map((presence) => h("option", { value: presence.presenceId }, presenceText(presence))),
    ),
  );
}

function reason(given: readonly string[]): Markup {
  return h(
    "div",
    { class: "field" },
    h("label", { for: "reason" }, CHOOSING.reason, " ", h("span", { class: "more" }, CHOOSING.optional)),
    h("input", { id: "reason", name: "reason", maxlength: "500", autocomplete: "off", list: "reasons" }),
    h("datalist", { id: "reasons" }, ...given.map((value) => h("option", { value }))),
  );
}
