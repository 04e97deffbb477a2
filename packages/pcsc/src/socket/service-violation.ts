import { PcscError } from '../errors.ts';

/**
 * The service broke the rules of its own protocol: a length beyond its limits, bytes that nobody asked for. Its
 * connection is not used further, as nobody knows where the next answer begins.
 */
export function serviceViolation(what: string, cause?: unknown): PcscError {
  return new PcscError(`the PC/SC service broke its protocol: ${what}`, {
    code: 'ERR_PCSC_INTERNAL',
    remedy: 'retry',
    cause,
  });
}
