/** What happens when a key is let go that was held: all of them, when the page is left. */
export function followHeldKeys(released: Readonly<Record<string, () => void>>): void {
  addEventListener('keyup', ({ key }) => released[key.toLowerCase()]?.());
  addEventListener('blur', () => {
    for (const release of Object.values(released)) release();
  });
}
