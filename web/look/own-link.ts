/** Links within a page that keeps its place in the address. */

/** The query that a click leads to within this page; null if the browser is to follow it, or it is no such link. */
export function ownLink(event: MouseEvent): string | null {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  const href = link?.getAttribute("href");
  if (href?.startsWith("?") !== true || link?.target === "_blank") return null;
  return event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 ? null : href;
}
