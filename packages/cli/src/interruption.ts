import { InterruptedError } from './errors.ts';
import { Exit } from './exit-codes.ts';

/** Signals that end the command: Ctrl-C, a polite kill, and the terminal closing. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns the ending signals into one `AbortSignal`, so that every path out is the ordinary one: the card is locked,
 * temporary files are removed, the terminal echoes again. A command already sent to the card is waited for.
 */
export function listenForInterruption(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const abort = () => {
    // Whoever asks twice does not want to wait for a card that hangs; the terminal is restored all the same.
    if (controller.signal.aborted) process.exit(Exit.INTERRUPTED);
    controller.abort(new InterruptedError());
  };
  for (const name of SIGNALS) process.on(name, abort);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of SIGNALS) process.off(name, abort);
    },
  };
}
