import { concatBytes } from './bytes.ts';
import type { CardChannel, ChannelLayer } from './channel.ts';
import { decodeCommand, encodeCommand, Ins, isNeverRepeated, isSentOnce } from './command.ts';
import { CardLimitError } from './errors.ts';
import { decodeResponse, encodeResponse } from './response.ts';
import { Sw } from './status.ts';

/** Most GET RESPONSE rounds for one command (security.md T9): 300 × 256 bytes exceed the largest response. */
const MAX_GET_RESPONSE_ROUNDS = 300;

/** Most data bytes collected over GET RESPONSE rounds (security.md T9). */
const MAX_COLLECTED_BYTES = 65_536;

/**
 * Answers 61xx with GET RESPONSE and 6Cxx by repeating the command with the Le the card named, as T=0 cards and
 * some readers want it. A command that can cost a PIN try is never touched: its first answer is its answer. One that uses
 * a key is not repeated either; what it has to say is fetched.
 */
export function getResponse(): ChannelLayer {
  return (inner) => withTransmit(inner, (command) => transmitChained(inner, command));
}

async function transmitChained(channel: CardChannel, command: Uint8Array): Promise<Uint8Array> {
  let answer = await channel.transmit(command);
  if (isNeverRepeated(command)) return answer;
  const { sw } = decodeResponse(answer);
  if (sw >> 8 === 0x6c && !isSentOnce(command)) {
    const decoded = decodeCommand(command);
    // A command without Le wants no data: nothing to correct. Once only: a card may name another Le for ever.
    if (decoded.le === undefined) return answer;
    answer = await channel.transmit(encodeCommand({ ...decoded, le: sw & 0xff || 256 }));
  }
  return fetchRest(channel, command, answer);
}

/** Fetches what 61xx announces, and returns one answer: all data, the last status word. */
async function fetchRest(channel: CardChannel, command: Uint8Array, answer: Uint8Array): Promise<Uint8Array> {
  let { data, sw } = decodeResponse(answer);
  if (sw >> 8 !== 0x61) return answer;
  const parts = [data];
  let collected = data.length;
  // The two low bits of CLA are the logical channel, and the answer waits on that one.
  const cla = (command[0] ?? 0) & 0x03;
  for (let round = 0; sw >> 8 === 0x61; round++) {
    if (round === MAX_GET_RESPONSE_ROUNDS) {
      throw new CardLimitError(`the card announced more bytes after ${MAX_GET_RESPONSE_ROUNDS} GET RESPONSE`);
    }
    const next = await channel.transmit(Uint8Array.of(cla, Ins.GET_RESPONSE, 0, 0, sw & 0xff));
    ({ data, sw } = decodeResponse(next));
    parts.push(data);
    collected += data.length;
    if (collected > MAX_COLLECTED_BYTES) {
      throw new CardLimitError(`the card answered one command with more than ${MAX_COLLECTED_BYTES} bytes`);
    }
  }
  return encodeResponse(sw, concatBytes(parts));
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
    const transmit = async (command: Uint8Array) => {
      const wasFirst = first;
      first = false;
      const answer = await inner.transmit(command);
      if (!wasFirst || isSentOnce(command) || decodeResponse(answer).sw !== Sw.NO_PRECISE_DIAGNOSIS)
        return answer;
      await inner.transmit(THROW_AWAY);
      return inner.transmit(command);
    };
    // Whoever reset the card may have taken its power as well.
    return withTransmit(inner, transmit, () => {
      first = true;
    });
  };
}

/** A channel like `inner` but for `transmit`; absent methods stay absent. */
function withTransmit(
  inner: CardChannel,
  transmit: CardChannel['transmit'],
  recovered: () => void = () => undefined,
): CardChannel {
  return {
    get atr() {
      return inner.atr;
    },
    transmit,
    ...(inner.transaction && {
      transaction: <T>(work: () => Promise<T>) => inner.transaction?.(work) ?? work(),
    }),
    ...(inner.recover && {
      recover: async () => {
        await inner.recover?.();
        recovered();
      },
    }),
    ...(inner.circumstances && { circumstances: inner.circumstances }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
