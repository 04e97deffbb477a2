/** Silence after which a person is told what is waited for, milliseconds: powering a card takes less. */
export const NOTICE_AFTER = 3_000;

/** Waits for `work`; `tell` is called once when that takes long. Keeps no process alive. @throws what `work` throws. */
export async function withNotice<T>(work: Promise<T>, tell: () => void): Promise<T> {
  const timer = setTimeout(tell, NOTICE_AFTER).unref();
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
