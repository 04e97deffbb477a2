import { InterruptedError } from './errors.ts';
import { Exit } from './exit-codes.ts';

/** Signals that end the command: Ctrl-C, a polite kill, and the terminal closing. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds that a card has to be locked in once somebody asked twice: a key in use over NFC is through by then. */
const HURRY = 3_000;

/**
 * Turns the ending signals into one `AbortSignal`, so that every path out is the ordinary one: the card is locked,
 * temporary files are removed, the terminal echoes again. A command already sent to the card is waited for.
 *
 * @param mustWait asked when somebody signals again: whether the process must not end before its time.
 */
export function listenForInterruption(mustWait: () => boolean): {
  readonly signal: AbortSignal;
  stop(): void;
} {
  const controller = new AbortController();
  let end: NodeJS.Timeout | undefined;
  const abort = () => {
    if (!controller.signal.aborted) controller.abort(new InterruptedError());
    // Whoever asks twice does not want to wait for a card that hangs; the terminal is restored all the same. But a PIN may
    // be verified just now, and a card that nobody locks stays open for everybody.
    else if (!mustWait()) end ??= setTimeout(() => process.exit(Exit.INTERRUPTED), HURRY).unref();
  };
  for (const name of SIGNALS) process.on(name, abort);
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(end);
      for (const name of SIGNALS) process.off(name, abort);
    },
  };
}
