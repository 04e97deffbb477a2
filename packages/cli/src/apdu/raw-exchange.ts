import { type CardChannel, decodeResponse, toHex } from '@jpki/iso7816';
import { CliError } from '../errors.ts';
import { asksTriesLeft, mayCarryPin } from './pin-commands.ts';

/** One command and its answer, as they may be shown: the data of a PIN command are not in it. */
export interface RawExchange {
  /** Upper-case hexadecimal; of a PIN command the four header bytes, then `[hidden]`. */
  readonly command: string;
  /** Whether the command was the question how many tries of a PIN are left. */
  readonly asksTries: boolean;
  /** Response data without the status word. */
  readonly data: Uint8Array;
  readonly sw: number;
  /** Duration in milliseconds. */
  readonly milliseconds: number;
}

/** What is shown in the place of a PIN and its length. */
const HIDDEN = '[hidden]';

/** A command as it may be shown. */
export function shownCommand(command: Uint8Array): string {
  return mayCarryPin(command) ? `${toHex(command.subarray(0, 4))}${HIDDEN}` : toHex(command);
}

/**
 * Sends bytes that a person typed, as they are, once: no 61xx is answered, nothing is repeated. The one place where
 * bytes of others reach a card, beside the PIN gate.
 *
 * @throws {CliError} ERR_APDU_PIN_COMMAND for a PIN command, unless they were asked for by name; nothing is sent then.
 */
export async function exchangeRaw(
  channel: CardChannel,
  command: Uint8Array,
  { allowPinCommands }: { readonly allowPinCommands: boolean },
): Promise<RawExchange> {
  const shown = shownCommand(command);
  const secret = mayCarryPin(command);
  const asksTries = asksTriesLeft(command);
  if (secret && !allowPinCommands)
    throw new CliError('ERR_APDU_PIN_COMMAND', 'correct-command', { subject: shown });
  const start = performance.now();
  try {
    const { data, sw } = decodeResponse(await channel.transmit(command));
    return { command: shown, asksTries, data, sw, milliseconds: performance.now() - start };
  } finally {
    if (secret) command.fill(0);
  }
}
