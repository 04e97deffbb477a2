import { PcscError } from './errors.ts';

/** Limits of a wait: the caller's signal, and a number of milliseconds with what was waited for. */
export interface WaitLimits {
  readonly signal?: AbortSignal | undefined;
  /** Asks the service for a sign of life while the wait lasts; where that rejects, the wait ends with its reason. */
  readonly question?: ServiceQuestion | undefined;
  readonly timeout: number;
  /** Names the awaited thing in the error: "the reader" gives "the reader did not answer within 10000 ms". */
  readonly subject: string;
}

/** Asks the service for a sign of life. @throws {PcscError} `ERR_PCSC_TIMEOUT` when it gives none */
export type ServiceQuestion = () => Promise<void>;

/** Milliseconds between two questions to the service, and before the first: most calls are over by then. */
export const QUESTION_DELAY = 1_000;

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
  const { signal, timeout, subject, question } = limits;
  return new Promise<T>((resolve, reject) => {
    const giveUp = (reason: unknown) => {
      settle();
      reject(reason);
      promise.then(abandoned, () => undefined);
    };
    const onAbort = () => giveUp(signal?.reason);
    const timer = setTimeout(() => {
      giveUp(noAnswerWithin(timeout, subject));
    }, timeout);
    const stopAsking = question ? askAgainAndAgain(question, giveUp) : () => undefined;
    const settle = () => {
      clearTimeout(timer);
      stopAsking();
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

/** The error of a wait that took too long. @param timeout milliseconds */
export function noAnswerWithin(timeout: number, subject: string): PcscError {
  return new PcscError(`${subject} did not answer within ${timeout} ms`, {
    code: 'ERR_PCSC_TIMEOUT',
    remedy: 'retry',
  });
}

/** Whether our own patience ended, not the service's. */
export function isTimeout(error: unknown): boolean {
  return error instanceof PcscError && error.code === 'ERR_PCSC_TIMEOUT' && error.scardCode === undefined;
}

/** Calls `onSilence` where the service gives no sign of life. @returns what ends it */
function askAgainAndAgain(question: ServiceQuestion, onSilence: (reason: unknown) => void): () => void {
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const askLater = () => {
    timer = setTimeout(async () => {
      try {
        await question();
        if (!ended) askLater();
      } catch (error) {
        if (!ended) onSilence(error);
      }
    }, QUESTION_DELAY);
  };
  askLater();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** Parts of a patience. A program that did not run for a while, or slept with its machine, loses one of them. */
const PATIENCE_PARTS = 10;

/**
 * Calls `onEnd` after so many milliseconds in which this program could have heard an answer: what came in meanwhile is
 * delivered first, however long the event loop stood still. @returns what calls it off
 */
export function afterPatience(milliseconds: number, onEnd: () => void): () => void {
  let parts = PATIENCE_PARTS;
  let ended = false;
  const timer = setInterval(() => {
    parts -= 1;
    if (parts > 0) return;
    clearInterval(timer);
    setImmediate(() => {
      if (!ended) onEnd();
    });
  }, milliseconds / PATIENCE_PARTS);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}

/** Sleeps; an abort ends it at once. @throws `signal.reason` when aborted. */
export function pause(
  milliseconds: number,
  signal?: AbortSignal,
  options: { readonly unref?: boolean } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    if (options.unref) timer.unref();
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
