/** Does something once the next frame is on the screen, which it is when the one after it begins: what is seen first does not wait for the rest. */
export function afterFrame(work: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(work, 0)));
}
