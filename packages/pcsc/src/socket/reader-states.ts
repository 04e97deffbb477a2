import type { CardStatus, ObservedReader } from '../binding.ts';
import { protocolOf, SCARD_POWERED } from '../scard/scard-numbers.ts';
import {
  ALL_READER_STATES,
  READER_NAME_SIZE,
  READER_STATES,
  READER_STATES_COUNT,
  request,
  WAIT_FOR_CHANGE,
} from './messages.ts';
import type { ReplyForm } from './reply-reader.ts';
import { serviceViolation } from './service-violation.ts';
import type { Session } from './session.ts';
import { readNumber, type Struct, struct, viewOf } from './struct.ts';

/** `READER_STATE` (pcsc-lite, `src/eventhandler.h`); the same from 4:4 to 4:6. */
export const READER_STATE: Struct<
  'name' | 'changes' | 'state' | 'sharing' | 'atr' | 'atrLength' | 'protocol'
> = struct({
  name: READER_NAME_SIZE,
  changes: 4,
  state: 4,
  sharing: 4,
  // 33 bytes, and 3 that the compiler adds.
  atr: 36,
  atrLength: 4,
  protocol: 4,
});

/** `MAX_ATR_SIZE` (pcsc-lite, `pcsclite.h`); the service marks a reader that is not ready by one more. */
const LONGEST_ATR = 33;

// Bits of `state` (pcsc-lite, pcsclite.h). A swallowed card is one that did not answer when it was powered.
const CARD_PRESENT = 0x04;
const CARD_SWALLOWED = 0x08;

/** `PCSCLITE_MAX_READERS_CONTEXTS`: the states that a service up to 4:5 has and sends, used or not. */
export const READERS_BEFORE_4_6 = 16;

/** Most readers that are believed of a service at 4:6, which tells their number itself. */
export const MOST_READERS = 1_024;

/** Bytes of that number. */
const COUNT_SIZE = 4;

/** The states as the service sent them: to be compared, and to be read by {@link observedReaders}. */
export type StateBytes = Uint8Array;

const sixteenStates: ReplyForm<StateBytes> = {
  size: READERS_BEFORE_4_6 * READER_STATE.size,
  read: (_, bytes) => bytes.slice(),
};

/**
 * Since 4:6 the number of states and the states are two answers. If a reader came between them, more states follow
 * than were announced, and nobody can tell where they end: so the number is asked for once more behind them.
 */
const countedStates: ReplyForm<StateBytes | undefined> = {
  size: COUNT_SIZE,
  tail: (head) => {
    const count = readNumber(head, 0);
    if (count > MOST_READERS) throw serviceViolation(`it announced ${count} readers`);
    return count * READER_STATE.size + COUNT_SIZE;
  },
  read: (view, bytes) => {
    const end = bytes.length - COUNT_SIZE;
    return readNumber(view, end) === readNumber(view, 0) ? bytes.slice(COUNT_SIZE, end) : undefined;
  },
};

const askSixteen = request(READER_STATES, {});
const askCounted = Buffer.concat([
  request(READER_STATES_COUNT, {}),
  request(ALL_READER_STATES, {}),
  request(READER_STATES_COUNT, {}),
]);
const waitSixteen = request(WAIT_FOR_CHANGE, {});
const waitCounted = Buffer.concat([waitSixteen, askCounted]);

/** The states of all readers; undefined when they changed while they were told: then start anew. */
export function readerStates({ connection, minor }: Session): Promise<StateBytes | undefined> {
  return minor < 6
    ? connection.exchange(READER_STATES.call, askSixteen, sixteenStates)
    : connection.exchange(READER_STATES.call, askCounted, countedStates);
}

/**
 * The states once more, after which the service tells of the next change. At 4:6 the news of a change can come in
 * the middle of this very answer, so it is believed only where it equals an earlier one.
 */
export function statesBeforeChange({ connection, minor }: Session): Promise<StateBytes | undefined> {
  return minor < 6
    ? connection.exchange(WAIT_FOR_CHANGE.call, waitSixteen, sixteenStates)
    : connection.exchange(WAIT_FOR_CHANGE.call, waitCounted, countedStates);
}

/** The readers in use, in the service's order. */
export function observedReaders(states: StateBytes): ObservedReader[] {
  const readers: ObservedReader[] = [];
  for (let at = 0; at + READER_STATE.size <= states.length; at += READER_STATE.size) {
    const reader = observedReader(states.subarray(at, at + READER_STATE.size));
    if (reader.name !== '') readers.push(reader);
  }
  return readers;
}

function observedReader(bytes: Uint8Array): ObservedReader {
  const { offsets } = READER_STATE;
  const view = viewOf(bytes);
  const state = readNumber(view, offsets.state);
  const atrLength = readNumber(view, offsets.atrLength);
  const cardPresent = (state & CARD_PRESENT) !== 0;
  const hasAtr = cardPresent && atrLength > 0 && atrLength <= LONGEST_ATR;
  return {
    name: textOf(bytes.subarray(offsets.name, offsets.name + READER_NAME_SIZE)),
    cardPresent,
    unresponsive: cardPresent && (state & CARD_SWALLOWED) !== 0,
    ...(hasAtr && { atr: Uint8Array.from(bytes.subarray(offsets.atr, offsets.atr + atrLength)) }),
    changes: readNumber(view, offsets.changes),
  };
}

/** What the states tell of the card in one reader; undefined when it is not among them. */
export function cardStatusIn(states: StateBytes, readerName: string): CardStatus | undefined {
  const { offsets, size } = READER_STATE;
  for (let at = 0; at + size <= states.length; at += size) {
    const bytes = states.subarray(at, at + size);
    const { name, atr = new Uint8Array() } = observedReader(bytes);
    if (name !== readerName) continue;
    const view = viewOf(bytes);
    const protocol = protocolOf(readNumber(view, offsets.protocol));
    const state = readNumber(view, offsets.state);
    return { readerName, state, powered: (state & SCARD_POWERED) !== 0, protocol, atr };
  }
  return undefined;
}

/** A C string, as far as it goes. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
}
