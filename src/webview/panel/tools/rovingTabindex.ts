/** The buttons of a bar that can be used now. */
function usable(bar: Element): HTMLButtonElement[] {
  return [...bar.querySelectorAll<HTMLButtonElement>('button.tool:not(:disabled)')].filter((button) => button.checkVisibility());
}

/** Makes a bar one stop of the Tab key: the button that was used last, or the first. To be called when the bar has been drawn. */
export function rovingTabindex(bar: Element | null): void {
  if (!bar) return;
  const buttons = usable(bar);
  const stop = buttons.find((button) => button === document.activeElement) ?? buttons.find(({ tabIndex }) => tabIndex === 0) ?? buttons[0];
  for (const button of bar.querySelectorAll<HTMLButtonElement>('button.tool')) button.tabIndex = button === stop ? 0 : -1;
}

/** Arrows, Home and End move the focus inside a bar. */
export function moveInBar(event: KeyboardEvent): void {
  const bar = event.currentTarget as HTMLElement;
  const buttons = usable(bar);
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const moves: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 };
  const to = moves[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  buttons[to % buttons.length]?.focus();
  rovingTabindex(bar);
}
