/** Makes something when it is first asked for, such as a part of the extension that is a file of its own; all who ask get the same. */
export function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
