/** Milliseconds after the start of a set in which its page may not have written down yet which one it shows. */
const MOMENT = 300_000;

/** The newest of these sets that was started a moment ago and is not `isShown`, by its id. */
export function justStarted(
  newestFirst: readonly { id: string; createdAt: string }[],
  isShown: (id: string) => boolean,
  now = Date.now(),
): string | undefined {
  return newestFirst.find(({ id, createdAt }) => now - Date.parse(createdAt) <= MOMENT && !isShown(id))?.id;
}
