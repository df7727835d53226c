/**
 * Markup as values, and the document made to look like them. The indicator lives in pages of others: they may allow no
 * policy of Trusted Types, or have Lit's already, so it is drawn without templates, by creating nodes alone.
 */

type Given = string | boolean | ((event: never) => void) | null;

export interface Markup {
  readonly tag: string;
  readonly given: Readonly<Record<string, Given>>;
  readonly children: readonly Child[];
}

export type Child = Markup | string | null;

/** Texts become attributes, truths set or remove them, functions (`onclick`) listen. */
export function h(tag: string, given: Readonly<Record<string, Given>> = {}, ...children: readonly Child[]): Markup {
  return { tag, given, children };
}

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "path", "circle"]);

/** What was given to an element last; what else stands on it (such as `open` of a dialog) is not ours. */
const drawn = new WeakMap<Element, Markup["given"]>();

/** Elements that are there already stay, so what is entered and what has the focus stays too. */
export function draw(into: Node, children: readonly Child[]): void {
  const wanted = children.filter((child) => child !== null);
  wanted.forEach((child, at) => {
    const there = into.childNodes[at];
    if (typeof child === "string") drawText(into, there, child);
    else drawElement(into, there, child);
  });
  while (into.childNodes.length > wanted.length) into.lastChild?.remove();
}

function drawText(into: Node, there: ChildNode | undefined, text: string): void {
  if (there instanceof Text) {
    if (there.data !== text) there.data = text;
  } else put(into, there, new Text(text));
}

function drawElement(into: Node, there: ChildNode | undefined, markup: Markup): void {
  const same = there instanceof Element && there.localName === markup.tag && key(there) === markup.given["id"];
  const element = same ? there : create(markup.tag);
  give(element, markup.given);
  draw(element, markup.children);
  if (!same) put(into, there, element);
}

/** Elements with different ids are different ones, also in the same place. */
function key(element: Element): Given | undefined {
  return drawn.get(element)?.["id"];
}

function create(tag: string): Element {
  return DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
}

function put(into: Node, there: ChildNode | undefined, node: Node): void {
  if (there === undefined) into.appendChild(node);
  else into.replaceChild(node, there);
}

function give(element: Element, given: Markup["given"]): void {
  const before = drawn.get(element) ?? {};
  for (const name of Object.keys(before)) {
    if (!(name in given)) set(element, name, null);
  }
  for (const [name, value] of Object.entries(given)) {
    if (before[name] !== value) set(element, name, value);
  }
  drawn.set(element, given);
}

function set(element: Element, name: string, value: Given): void {
  if (name.startsWith("on")) Object.assign(element, { [name]: value });
  else if (typeof value === "boolean") element.toggleAttribute(name, value);
  else if (typeof value === "string") element.setAttribute(name, value);
  else element.removeAttribute(name);
}
