import { encodeCommand, Ins, JICSAP_CHANGE_KEY } from './command.ts';
import { type CommandHeader, PinOutcomeUnknownError } from './errors.ts';
import { type Pin, type PinFormat, takePinBytes } from './pin.ts';
import { type PinPad, PinPadError } from './pin-pad.ts';
import type { RefusedPins } from './refused-pins.ts';
import type { ResponseApdu } from './response.ts';
import { Sw } from './status.ts';
import { statusWordError } from './status-word-error.ts';

/** Secure messaging around the PIN: the class byte to send, and what replaces the data field. */
export interface PinProtection {
  readonly cla: number;
  /** The data field that takes the place of `data`, which is the PIN and is overwritten afterwards. */
  protect(data: Uint8Array): Uint8Array;
}

/**
 * How a card wants a new PIN: CHANGE REFERENCE DATA with the new one alone (`00 24 01 80`), or JICSAP's CHANGE KEY
 * (`80 32 00 80`); both after VERIFY of the old one (card-protocol.md 3.5).
 */
export type PinChangeForm = 'change-reference-data' | 'change-key';

/** What carrying a PIN needs of a session: the EF it is for is ready, and nothing else can come between. */
export interface PinCarrier {
  /** Application and EF, for the memory of refused PINs. */
  readonly place: string;
  /** P2 that means this EF. */
  readonly p2: number;
  readonly refusedPins: RefusedPins;
  /** @throws when the session has ended or was aborted. */
  assertOpen(): void;
  /** Sends the command once. */
  send(command: Uint8Array): Promise<ResponseApdu>;
  /** The same by a keypad, which puts the PIN into the command. */
  sendBy(enter: (header: Uint8Array) => Promise<Uint8Array>, header: Uint8Array): Promise<ResponseApdu>;
}

/** VERIFY with data: the only place in the code base that sends a PIN for verification. */
export async function sendVerify(carrier: PinCarrier, pin: Pin, protection?: PinProtection): Promise<void> {
  const { p2, place, refusedPins } = carrier;
  const header = verifyHeader(p2, protection?.cla);
  let mark = '';
  const beforeSending = async (data: Uint8Array<ArrayBuffer>) => {
    mark = await refusedPins.check(place, data);
  };
  const { sw } = await sendPin(carrier, header, pin, { beforeSending, protection });
  if (sw >> 8 === Sw.VERIFICATION_FAILED >> 8) refusedPins.remember(mark);
  if (sw !== Sw.OK) throw statusWordError(sw, header);
}

/** VERIFY with a PIN that a keypad adds: it never comes here, so no memory of refused ones can know it. */
export function verifyOnPad(carrier: PinCarrier, pad: PinPad, format: PinFormat): Promise<void> {
  return enterOnPad(carrier, verifyHeader(carrier.p2), pad, format);
}

/** The new PIN of a verified one, by a keypad. */
export function changeOnPad(
  carrier: PinCarrier,
  pad: PinPad,
  options: { readonly format: PinFormat; readonly form: PinChangeForm },
): Promise<void> {
  carrier.refusedPins.forget(carrier.place);
  return enterOnPad(carrier, changeHeader(options.form, carrier.p2), pad, options.format);
}

async function enterOnPad(
  carrier: PinCarrier,
  header: CommandHeader,
  pad: PinPad,
  format: PinFormat,
): Promise<void> {
  carrier.assertOpen();
  const enter = (bytes: Uint8Array) => pad.enter({ header: bytes, format });
  const { sw } = await orUnknown(carrier.sendBy(enter, encodeCommand(header)));
  if (sw !== Sw.OK) throw statusWordError(sw, header);
}

function verifyHeader(p2: number, cla = 0x00): CommandHeader {
  return { cla, ins: Ins.VERIFY, p1: 0x00, p2 };
}

function changeHeader(form: PinChangeForm, p2: number): CommandHeader {
  return form === 'change-key'
    ? { cla: 0x80, ins: JICSAP_CHANGE_KEY, p1: 0x00, p2 }
    : { cla: 0x00, ins: Ins.CHANGE_REFERENCE_DATA, p1: 0x01, p2 };
}

/** Sends the new PIN of a verified one: the only place in the code base that changes a PIN. */
export async function sendChange(carrier: PinCarrier, pin: Pin, form: PinChangeForm): Promise<void> {
  const { p2, place, refusedPins } = carrier;
  const header = changeHeader(form, p2);
  // Whatever comes back, the PIN may be another one now, perhaps one that was refused before.
  refusedPins.forget(place);
  const { sw } = await sendPin(carrier, header, pin, {});
  if (sw !== Sw.OK) throw statusWordError(sw, header);
}

async function sendPin(
  carrier: PinCarrier,
  header: CommandHeader,
  pin: Pin,
  options: {
    readonly beforeSending?: (data: Uint8Array<ArrayBuffer>) => Promise<void>;
    readonly protection?: PinProtection | undefined;
  },
): Promise<ResponseApdu> {
  carrier.assertOpen();
  const data = takePinBytes(pin);
  let command: Uint8Array | undefined;
  try {
    // Without data a VERIFY would be the query, whose 9000 looks like success.
    if (data.length === 0) throw new TypeError('an empty PIN is never sent');
    await options.beforeSending?.(data);
    // Aborted meanwhile: nothing was sent, so the outcome is known.
    carrier.assertOpen();
    command = encodeCommand({ ...header, data: options.protection?.protect(data) ?? data });
    return await orUnknown(carrier.send(command));
  } finally {
    data.fill(0);
    command?.fill(0);
  }
}

async function orUnknown(answer: Promise<ResponseApdu>): Promise<ResponseApdu> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof PinPadError) throw cause;
    throw new PinOutcomeUnknownError(cause);
  }
}
