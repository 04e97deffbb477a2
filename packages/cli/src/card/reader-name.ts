/**
 * The readers that `--card pcsc:TEXT` means: the one of exactly that name, else all with it in their names. The second of
 * two equal readers is often called as the first and a number more, and must not be taken for a first that is empty.
 */
export function readersNamed<T extends { readonly name: string }>(
  readers: readonly T[],
  text: string | undefined,
): readonly T[] {
  if (text === undefined) return readers;
  const exact = readers.filter(({ name }) => name === text);
  return exact.length > 0 ? exact : readers.filter(({ name }) => name.includes(text));
}
