import { PcscError } from './errors.ts';

/** Limits of a wait: the caller's signal, and a number of milliseconds with what was waited for. */
export interface WaitLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeout: number;
  /** Names the awaited thing in the error: "the reader" gives "the reader did not answer within 10000 ms". */
  readonly subject: string;
}

/**
 * Waits for `promise` no longer than the limits allow. The promise itself goes on, since a native call cannot
 * be taken back; `abandoned` gets its value if it still succeeds, so that nothing is left open.
 *
 * @throws `signal.reason` when aborted, {@link PcscError} with `ERR_PCSC_TIMEOUT`, or what `promise` throws.
 */
export function within<T>(
  promise: Promise<T>,
  limits: WaitLimits,
  abandoned?: (value: T) => void,
): Promise<T> {
  const { signal, timeout, subject } = limits;
  return new Promise<T>((resolve, reject) => {
    const giveUp = (reason: unknown) => {
      settle();
      reject(reason);
      promise.then(abandoned, () => undefined);
    };
    const onAbort = () => giveUp(signal?.reason);
    const timer = setTimeout(() => {
      giveUp(
        new PcscError(`${subject} did not answer within ${timeout} ms`, {
          code: 'ERR_PCSC_TIMEOUT',
          remedy: 'retry',
        }),
      );
    }, timeout);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}

/** Sleeps; an abort ends it at once. @throws `signal.reason` when aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
