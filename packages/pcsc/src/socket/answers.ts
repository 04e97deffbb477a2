import { ScardFailure } from '../binding.ts';
import {
  ATTRIBUTE_SIZE,
  CONNECT,
  CONTROL,
  ESTABLISH,
  GET_ATTRIBUTE,
  LONGEST_DATA,
  type Message,
  RECONNECT,
  TRANSMIT,
} from './messages.ts';
import type { ReplyForm } from './reply-reader.ts';
import { serviceViolation } from './service-violation.ts';
import { readNumber } from './struct.ts';

/** An answer that tells nothing but success. @throws ScardFailure as a rejection, for any other `rv` */
export function rvForm(message: Message<'rv'>): ReplyForm<void> {
  return answerForm(message, () => undefined);
}

/** The handle of a new context. */
export const establishForm: ReplyForm<number> = answerForm(ESTABLISH, (view) =>
  readNumber(view, ESTABLISH.offsets.context),
);

/** The handle of a card, and the protocol that it speaks now. */
export interface ConnectedCard {
  readonly card: number;
  readonly protocol: number;
}

export const connectForm: ReplyForm<ConnectedCard> = answerForm(CONNECT, (view) => ({
  card: readNumber(view, CONNECT.offsets.card),
  protocol: readNumber(view, CONNECT.offsets.protocol),
}));

/** The protocol that the card speaks now. */
export const reconnectForm: ReplyForm<number> = answerForm(RECONNECT, (view) =>
  readNumber(view, RECONNECT.offsets.protocol),
);

/** The response of the card. */
export const transmitForm: ReplyForm<Uint8Array> = dataForm(TRANSMIT, TRANSMIT.offsets.receiveLength);

/** The output of the reader. */
export const controlForm: ReplyForm<Uint8Array> = dataForm(CONTROL, CONTROL.offsets.returned);

/** The value of an attribute. */
export const attributeForm: ReplyForm<Uint8Array> = answerForm(GET_ATTRIBUTE, (view, bytes) => {
  const { value, length } = GET_ATTRIBUTE.offsets;
  const size = readNumber(view, length);
  if (size > ATTRIBUTE_SIZE) throw serviceViolation(`an attribute of ${size} bytes`);
  return bytes.slice(value, value + size);
});

function answerForm<T>(message: Message<'rv'>, read: (view: DataView, bytes: Uint8Array) => T): ReplyForm<T> {
  return {
    size: message.size,
    read: (view, bytes) => {
      const rv = readNumber(view, message.offsets.rv);
      if (rv !== 0) throw new ScardFailure(rv, message.call);
      return read(view, bytes);
    },
  };
}

/** An answer that, on success, is followed by as many bytes as the number at `lengthOffset` says. */
function dataForm(message: Message<'rv'>, lengthOffset: number): ReplyForm<Uint8Array> {
  const tail = (head: DataView) => {
    if (readNumber(head, message.offsets.rv) !== 0) return 0;
    const length = readNumber(head, lengthOffset);
    if (length > LONGEST_DATA) throw serviceViolation(`an answer of ${length} bytes`);
    return length;
  };
  return { ...answerForm(message, (_, bytes) => bytes.slice(message.size)), tail };
}
