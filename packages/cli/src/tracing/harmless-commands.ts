import { Ins } from '@jpki/iso7816';
import { type CommandEntry, plainBytes, type Step } from '@jpki/trace';
import { mayCarryPin } from '../apdu/pin-commands.ts';

/** Why a recorded command is not sent to a card again, or its answer not compared. */
export type SkipReason = 'secret' | 'signature' | 'unknown' | 'dependent';

/** GET CHALLENGE (ISO/IEC 7816-4:2020, 11.6.3). */
const GET_CHALLENGE = 0x84;

/** What only reads, or selects what is read (ISO/IEC 7816-4:2020, 11); VERIFY is there for asking the tries left. */
const READING: ReadonlySet<number> = new Set([
  Ins.SELECT,
  Ins.READ_BINARY,
  Ins.READ_BINARY | 1,
  Ins.READ_RECORD,
  Ins.READ_RECORD | 1,
  Ins.GET_DATA,
  Ins.GET_DATA | 1,
  Ins.GET_RESPONSE,
  GET_CHALLENGE,
  Ins.VERIFY,
]);

/** Interindustry class, no chaining, no secure messaging, first channel; and GET DATA of GlobalPlatform. */
const PLAIN_CLASS = 0x00;
const GLOBAL_PLATFORM_CLASS = 0x80;

/**
 * A recorded command that may go to anybody's card, or why not. A trace is a file that anybody may have written: what is
 * not known to be harmless stays here. What may carry a PIN is decided where `jpki apdu` decides it.
 */
export function harmlessCommand({ bytes }: CommandEntry, step: Step): Uint8Array | SkipReason {
  if (step.kind === 'sign' || step.kind === 'internal-authenticate') return 'signature';
  const command = plainBytes(bytes);
  if (command === undefined || mayCarryPin(command)) return 'secret';
  const [cla = 0, ins = 0] = command;
  if (step.command === undefined || step.secured) return 'unknown';
  const isReading = cla === PLAIN_CLASS && READING.has(ins);
  const isAsking = cla === GLOBAL_PLATFORM_CLASS && (ins & 0xfe) === Ins.GET_DATA;
  return isReading || isAsking ? command : 'unknown';
}
