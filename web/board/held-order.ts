/**
 * Rows do not move under the pointer or the keyboard: while somebody is on the grid, its order is held, and it is said
 * how many changes wait.
 */

/** How many rows would come, go or move if the order that waits were shown. */
export function waiting(shown: readonly string[], wanted: readonly string[]): number {
  if (shown === wanted) return 0;
  const place = new Map(shown.map((id, at) => [id, at]));
  const stay: number[] = [];
  let come = 0;
  for (const id of wanted) {
    const at = place.get(id);
    if (at === undefined) come += 1;
    else stay.push(at);
  }
  const go = shown.length - stay.length;
  return come + go + (stay.length - longestRise(stay));
}

/** The length of the longest part that is in order already: all others have to move. */
function longestRise(places: readonly number[]): number {
  const ends: number[] = [];
  for (const place of places) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    ends[low] = place;
  }
  return ends.length;
}
