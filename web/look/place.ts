/** Where a panel goes that belongs to something on the screen. */

interface Box {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What stays between the two, and at least to the edges. */
const GAP = 4;

/** Below it and flush left if there is room; else above, else as far down as fits; never beyond the edges. */
export function beside(of: Box, panel: Size, view: Size): { readonly left: number; readonly top: number } {
  const left = Math.max(GAP, Math.min(of.left, view.width - panel.width - GAP));
  const below = of.bottom + GAP;
  const above = of.top - GAP - panel.height;
  if (below + panel.height + GAP <= view.height) return { left, top: below };
  return { left, top: above >= GAP ? above : Math.max(GAP, view.height - panel.height - GAP) };
}
