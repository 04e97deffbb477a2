/** Milliseconds after which a call that waits for no other program and no person hangs (issue: "no hang over 5 s"). */
export const NO_HANG = 5_000;

/** What `promise` gives. @throws {Error} naming `what` when it takes longer than {@link NO_HANG} */
export async function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hung for ${NO_HANG} ms`)), NO_HANG);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
