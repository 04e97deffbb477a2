import type { ScardCall } from './scard.ts';

/** One call as the service got it. Secrets are not in it: see {@link shownCommand}. */
export interface RecordedCall {
  readonly call: ScardCall;
  readonly reader?: string;
  /** SCARD_SHARE_… of a connection. */
  readonly shareMode?: number;
  /** SCARD_PROTOCOL_… bits that were asked for, or the protocol of a command. */
  readonly protocol?: number;
  /** SCARD_…_CARD at the end of a connection or transaction. */
  readonly disposition?: number;
  /** The command APDU in hexadecimal digits; of one that carries a PIN, only the header. */
  readonly command?: string;
  /** Room for the response, bytes. */
  readonly responseLength?: number;
  /** Control code of SCardControl, or the tag of SCardGetAttrib. */
  readonly control?: number;
  /** Bytes given to SCardControl; not the bytes themselves, since they may wrap a command with a PIN. */
  readonly inputLength?: number;
}

/** A recorded call and how it ended: 0 for success, a SCARD code, undefined while it runs. */
export interface RecordedOutcome extends RecordedCall {
  readonly result: number | undefined;
}

/**
 * Instructions whose data is a PIN or may be one, by their even form: VERIFY, CHANGE REFERENCE DATA, DISABLE and ENABLE
 * VERIFICATION REQUIREMENT, RESET RETRY COUNTER (ISO/IEC 7816-4:2020, 11.6), CHANGE KEY of JICSAP. A list of its own: the
 * mock stands beside the packages that it tests, not on them.
 */
const SECRET_INSTRUCTIONS: ReadonlySet<number> = new Set([0x20, 0x24, 0x26, 0x28, 0x2c, 0x32]);

/** A header without data: nothing to hide behind it but one length byte. */
const HEADER_LENGTH = 4;
const LONGEST_WITHOUT_DATA = 5;

/** A command as it may be shown: `00200080{5 bytes}` for a VERIFY, all digits for most others. */
export function shownCommand(command: Uint8Array): string {
  const secret = SECRET_INSTRUCTIONS.has((command[1] ?? 0) & 0xfe) && command.length > LONGEST_WITHOUT_DATA;
  if (!secret) return Buffer.from(command).toString('hex');
  const header = Buffer.from(command.subarray(0, HEADER_LENGTH)).toString('hex');
  return `${header}{${command.length - HEADER_LENGTH} bytes}`;
}

/** All calls in the order in which they began. */
export class CallLog {
  readonly #calls: RecordedOutcome[] = [];

  get calls(): readonly RecordedOutcome[] {
    return this.#calls;
  }

  /** Enters a call; the returned function enters its end. */
  begin(call: RecordedCall): (result: number) => void {
    const entry: RecordedCall & { result: number | undefined } = { ...call, result: undefined };
    this.#calls.push(entry);
    return (result) => {
      entry.result = result;
    };
  }

  clear(): void {
    this.#calls.length = 0;
  }
}
