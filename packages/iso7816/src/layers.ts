import type { CardChannel, ChannelLayer } from './channel.ts';
import { Ins, isNeverRepeated } from './command.ts';
import { CardLimitError } from './errors.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { Sw } from './status.ts';

/** Most GET RESPONSE rounds for one command (security.md T9): 300 × 256 bytes exceed the largest response. */
const MAX_GET_RESPONSE_ROUNDS = 300;

/** Most data bytes collected over GET RESPONSE rounds (security.md T9). */
const MAX_COLLECTED_BYTES = 65_536;

/**
 * Answers 61xx with GET RESPONSE and 6Cxx by repeating the command with the Le the card named, as T=0 cards and
 * some readers want it. A command that can cost a PIN try is never touched: its first answer is its answer.
 */
export function getResponse(): ChannelLayer {
  return (inner) => withTransmit(inner, (command) => transmitChained(inner, command));
}

async function transmitChained(channel: CardChannel, command: Uint8Array): Promise<Uint8Array> {
  let answer = await channel.transmit(command);
  if (isNeverRepeated(command)) return answer;
  let { data, sw } = decodeResponse(answer);
  if (sw >> 8 === 0x6c && command.length > 4) {
    // Once only: a card that names another Le each time would never come to an end.
    answer = await channel.transmit(withLe(command, sw & 0xff));
    ({ data, sw } = decodeResponse(answer));
  }
  if (sw >> 8 !== 0x61) return answer;
  const parts: Uint8Array[] = [data];
  let collected = data.length;
  for (let round = 0; sw >> 8 === 0x61; round++) {
    if (round === MAX_GET_RESPONSE_ROUNDS || collected > MAX_COLLECTED_BYTES) {
      throw new CardLimitError('the card kept announcing more response bytes');
    }
    const next = decodeResponse(
      await channel.transmit(Uint8Array.of((command[0] ?? 0) & 0x03, Ins.GET_RESPONSE, 0, 0, sw & 0xff)),
    );
    parts.push(next.data);
    collected += next.data.length;
    sw = next.sw;
  }
  return encodeResponse(sw, concat(parts, collected));
}

/** The command with another short Le; the last byte is Le in cases 2 and 4, and a case 3 command gains one. */
function withLe(command: Uint8Array, le: number): Uint8Array {
  const isCase3 = command.length > 5 && command.length === 5 + (command[4] ?? 0);
  const bytes = new Uint8Array(isCase3 ? command.length + 1 : command.length);
  bytes.set(command);
  bytes[bytes.length - 1] = le;
  return bytes;
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** SELECT MF, a command without effect on this card; what it answers is ignored. */
const THROW_AWAY = Uint8Array.of(0x00, Ins.SELECT, 0x00, 0x00);

/**
 * Some cards answer 6F00 to whatever comes first after power-up (measured on an Individual Number Card,
 * card-protocol.md 1.2). Then, and only then, a throw-away command is sent and the first one repeated, once.
 */
export function tolerateFirstFailure(): ChannelLayer {
  return (inner) => {
    let first = true;
    return withTransmit(inner, async (command) => {
      const wasFirst = first;
      first = false;
      const answer = await inner.transmit(command);
      if (!wasFirst || isNeverRepeated(command) || decodeResponse(answer).sw !== Sw.NO_PRECISE_DIAGNOSIS)
        return answer;
      await inner.transmit(THROW_AWAY);
      return inner.transmit(command);
    });
  };
}

/** A channel like `inner` but for `transmit`; absent methods stay absent. */
function withTransmit(inner: CardChannel, transmit: CardChannel['transmit']): CardChannel {
  return {
    get atr() {
      return inner.atr;
    },
    transmit,
    ...(inner.transaction && {
      transaction: <T>(work: () => Promise<T>) => inner.transaction?.(work) ?? work(),
    }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
