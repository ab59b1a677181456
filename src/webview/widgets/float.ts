/** Places a float below its anchor, above it where there is no room below, and inside the page. Without a visible anchor it stands at the upper left of `area`. */
export function placeFloat(float: HTMLElement, anchor: Element, area: Element = document.body): void {
  const seen = anchor.getClientRects().length > 0;
  const { left, top, bottom } = (seen ? anchor : area).getBoundingClientRect();
  const { width, height } = float.getBoundingClientRect();
  const below = seen ? bottom + 2 : top + 8;
  float.style.top = `${below + height <= innerHeight ? below : Math.max(4, top - height - 2)}px`;
  float.style.left = `${Math.max(4, Math.min(seen ? left : left + 8, innerWidth - width - 4))}px`;
}
