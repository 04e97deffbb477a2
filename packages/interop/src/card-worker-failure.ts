import { CardError, PinOutcomeUnknownError } from '@jpki/iso7816';
import type { WorkerFailure } from './card-worker-protocol.ts';

/** An error as it crosses the pipe. */
export function workerFailure(error: unknown): WorkerFailure {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
  const known = error instanceof PinOutcomeUnknownError ? error.triesLeft : undefined;
  return {
    name,
    message,
    code: error instanceof CardError ? error.code : undefined,
    typed: error instanceof CardError,
    ...(known !== undefined && { triesLeft: known }),
  };
}
