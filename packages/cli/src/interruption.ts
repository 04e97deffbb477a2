import { InterruptedError } from './errors.ts';

/** Signals that end the command: Ctrl-C, a polite kill, and the terminal closing. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns the ending signals into one `AbortSignal`, so that every path out is the ordinary one: the card is locked,
 * temporary files are removed, the terminal echoes again. A command already sent to the card is waited for.
 */
export function listenForInterruption(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort(new InterruptedError());
  for (const name of SIGNALS) process.on(name, abort);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of SIGNALS) process.off(name, abort);
    },
  };
}
