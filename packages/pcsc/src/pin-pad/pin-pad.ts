import {
  CardRemovedError,
  decodeResponse,
  Ins,
  type PinPad,
  PinPadError,
  type PinPadReason,
  type PinPadRequest,
} from '@jpki/iso7816';
import type { PcscChannel } from '../channel/pcsc-channel.ts';
import { PcscError } from '../errors.ts';
import { modifyStructure, type PinPadDisplay, verifyStructure } from './pin-pad-structures.ts';

/** Seconds a person has to type, unless told otherwise. */
const DEFAULT_SECONDS = 30;

/** Most entries of one command: a new PIN and its repetition, each within the seconds; then the card computes. */
const ENTRIES = 2;
const CARD_SECONDS = 30;

/** What readers answer instead of a card when they sent nothing (PC/SC part 10, 2.5.5). */
const OUTCOMES: ReadonlyMap<number, readonly [PinPadReason, string]> = new Map([
  [0x6400, ['timeout', 'no PIN was typed on the keypad in time; no try was spent']],
  [0x6401, ['cancelled', 'the PIN entry was cancelled on the keypad; no try was spent']],
  [0x6402, ['mismatch', 'the new PIN was not typed twice alike on the keypad; nothing was changed']],
  [0x6403, ['length', 'the PIN typed on the keypad is too short or too long; no try was spent']],
  [0x6b80, ['refused', 'the keypad cannot do what it was asked for; nothing was sent']],
]);

/** Failures of SCardControl after which the reader has sent nothing. */
const NOTHING_SENT: readonly string[] = ['ERR_PCSC_UNSUPPORTED', 'ERR_PCSC_SHARING_VIOLATION'];

/**
 * The keypad of a reader, for {@link CardSession.verifyOnPad}: the PIN goes from its keys to the card and never through
 * this computer. For PINs of four digits only. **A password is refused**: a keypad has no letters, and each try of a
 * person without them would be lost.
 *
 * Tried against scripted readers only: none with a keypad was at hand.
 *
 * @throws {PcscError} `ERR_PCSC_UNSUPPORTED` when the reader has no keypad, or the binding cannot speak to it.
 */
export async function pinPad(channel: PcscChannel, display: Partial<PinPadDisplay> = {}): Promise<PinPad> {
  const { language = 'ja', seconds = DEFAULT_SECONDS } = display;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 255)
    throw new RangeError('a keypad waits for 1 to 255 seconds');
  const features = await channel.features();
  const verify = features.get('verify-pin-direct');
  const modify = features.get('modify-pin-direct');
  if (verify === undefined) throw noKeypad(channel.readerName);
  return {
    enter: async (request) => {
      assertSuitable(request);
      const isVerify = request.header[1] === Ins.VERIFY;
      const code = isVerify ? verify : modify;
      if (code === undefined) throw refused('the keypad of this reader cannot change PINs');
      const structure = (isVerify ? verifyStructure : modifyStructure)(request.header, { language, seconds });
      return entered(channel, code, structure, (ENTRIES * seconds + CARD_SECONDS) * 1000);
    },
  };
}

function assertSuitable({ header, format }: PinPadRequest): void {
  if (header.length !== 4) throw new TypeError('a keypad is given the header of a command, four bytes');
  const isFourDigits =
    format.characters === 'digits' && format.minLength === 4 && format.maxLength === 4 && !format.mixed;
  if (!isFourDigits)
    throw refused(
      'a keypad types four digits; a password is never asked for on one, it would cost its tries',
    );
}

async function entered(
  channel: PcscChannel,
  code: number,
  structure: Uint8Array,
  timeout: number,
): Promise<Uint8Array> {
  const answer = await sent(channel, code, structure, timeout);
  if (answer.length < 2) throw new CardRemovedError('the card was removed before it answered');
  const outcome = OUTCOMES.get(decodeResponse(answer).sw);
  if (outcome) throw new PinPadError(...outcome);
  return answer;
}

async function sent(
  channel: PcscChannel,
  code: number,
  structure: Uint8Array,
  timeout: number,
): Promise<Uint8Array> {
  try {
    return await channel.control(code, structure, { timeout });
  } catch (error) {
    if (error instanceof PcscError && NOTHING_SENT.includes(error.code))
      throw new PinPadError('refused', 'the keypad did not take the request; nothing was sent', error);
    throw error;
  }
}

function refused(message: string): PinPadError {
  return new PinPadError('refused', message);
}

function noKeypad(readerName: string): PcscError {
  return new PcscError(`the reader has no keypad for PINs (reader "${readerName}")`, {
    code: 'ERR_PCSC_UNSUPPORTED',
    safeToRetry: true,
    readerName,
  });
}
