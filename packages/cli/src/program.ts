import { CliError, UsageError } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Messages } from './locales/texts.ts';
import type { CommonOptions } from './options.ts';
import type { Output } from './output.ts';

/** What every command is given: its voice, its language, and the signal that ends it. */
export interface Program {
  readonly messages: Messages;
  readonly output: Output;
  /** Aborts on Ctrl-C and polite kills. */
  readonly interrupted: AbortSignal;
  /** What the process will exit with when the command returns; only verdicts change it. */
  exitCode: ExitCode;
  /** Set while even a person in a hurry must wait; tells them why. */
  sayWhyToWait?: (() => void) | undefined;
  /** Whether the recording of `--trace` broke off; the command did its work all the same. */
  isTraceCut?: boolean;
}

/** The signal of one command: interruption, and `--timeout`. */
export function commandSignal(program: Program, { timeout }: Pick<CommonOptions, 'timeout'>): AbortSignal {
  if (timeout === undefined) return program.interrupted;
  if (!(timeout > 0 && timeout < 2 ** 31 / 1000)) throw new UsageError(`--timeout ${timeout}`);
  return AbortSignal.any([program.interrupted, timeoutSignal(timeout)]);
}

/** `AbortSignal.timeout`, with our own error as the reason. */
function timeoutSignal(seconds: number): AbortSignal {
  const controller = new AbortController();
  const expire = () => controller.abort(new CliError('ERR_TIMEOUT', 'retry'));
  setTimeout(expire, seconds * 1000).unref();
  return controller.signal;
}
