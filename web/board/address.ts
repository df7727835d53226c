/** Filters and order as they stand in the page's address: `?team=billing&team=care&text=ada&sort=since`. */

import { COLUMNS } from "./columns.ts";
import { FACETS, type Facet, type Filters } from "./filters.ts";
import type { Order } from "./survey.ts";

export interface Asked {
  readonly filters: Filters;
  readonly order: Order;
}

export const BY_NAME: Order = { by: "agent", direction: "ascending" };

const OURS = [...FACETS, "text", "sort", "direction"];

/** Other parameters of the address stay. */
export function toSearch({ filters, order }: Asked, search: string): string {
  const parameters = new URLSearchParams(search);
  for (const name of OURS) parameters.delete(name);
  for (const facet of FACETS) for (const value of filters[facet]) parameters.append(facet, value);
  if (filters.text.trim() !== "") parameters.set("text", filters.text.trim());
  if (order.by !== BY_NAME.by) parameters.set("sort", order.by);
  if (order.direction !== BY_NAME.direction) parameters.set("direction", order.direction);
  return parameters.toString();
}

/** The same, on a screen that nobody touches. */
export function wallAddress(search: string): string {
  const parameters = new URLSearchParams(search);
  parameters.set("wall", "1");
  return `board?${parameters.toString()}`;
}

export function fromSearch(search: string): Asked {
  const parameters = new URLSearchParams(search);
  const values = (facet: Facet): readonly string[] => [...new Set(parameters.getAll(facet))];
  const by = COLUMNS.find((column) => column === parameters.get("sort")) ?? BY_NAME.by;
  const direction = parameters.get("direction") === "descending" ? "descending" : "ascending";
  const filters = {
    status: values("status"),
    presence: values("presence"),
    team: values("team"),
    queue: values("queue"),
    skill: values("skill"),
    hold: values("hold"),
    text: parameters.get("text") ?? "",
  };
  return { filters, order: { by, direction } };
}
