/** A list that the hub gives page by page, read whole. */

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** Items of a list, and whether there are more. */
export interface Every<Item> {
  readonly items: readonly Item[];
  readonly cut: boolean;
}

/** Every item, up to `most` and the rest of its page. `page` reads the page at a cursor; the first one has none. */
export async function everyItem<Item>(
  page: (cursor: string | undefined) => Promise<Page<Item>>,
  most: number,
): Promise<Every<Item>> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, nextCursor } = await page(cursor);
    items.push(...more);
    cursor = nextCursor;
  } while (cursor !== undefined && items.length < most);
  return { items, cut: cursor !== undefined };
}
