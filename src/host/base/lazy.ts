/** Makes something when it is first asked for, such as a part of the extension that is a file of its own; all who ask get the same. */
export function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Something that can be made later: all that can be asked of it is answered later anyway. */
type Answering<T> = { [Name in keyof T]: (...args: never[]) => Promise<unknown> };

/** Stands for something that is made, as by `lazy`, when one of its methods is first called. */
export function standIn<T extends Answering<T>>(make: () => Promise<T>): T {
  const made = lazy(make);
  const call = async (name: keyof T, args: never[]) => {
    const target = await made();
    return target[name](...args);
  };
  return new Proxy(Object.create(null) as T, {
    // Who awaits it asks whether it is a promise itself.
    get: (_, name) => (name === 'then' ? undefined : (...args: never[]) => call(name as keyof T, args)),
  });
}
