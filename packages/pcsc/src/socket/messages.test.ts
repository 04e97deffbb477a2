import { expect, test } from 'vitest';
import * as messages from './messages.ts';
import { READER_STATE } from './reader-states.ts';
import { LITTLE_ENDIAN } from './struct.ts';

/** `sizeof` of each structure, from a C compiler on pcsc-lite's header. */
const sizes: readonly (readonly [messages.Message, number, number])[] = [
  [messages.VERSION, 0x11, 12],
  [messages.ESTABLISH, 0x01, 12],
  [messages.RELEASE, 0x02, 8],
  [messages.CONNECT, 0x04, 152],
  [messages.RECONNECT, 0x05, 24],
  [messages.DISCONNECT, 0x06, 12],
  [messages.BEGIN, 0x07, 8],
  [messages.END, 0x08, 12],
  [messages.TRANSMIT, 0x09, 32],
  [messages.CONTROL, 0x0a, 24],
  [messages.STATUS, 0x0b, 8],
  [messages.GET_ATTRIBUTE, 0x0f, 280],
  [messages.CHANGED, 0x13, 8],
];

test.each(sizes)(
  'structure %# has the command and the size that the service expects',
  (message, command, size) => {
    expect([message.command, message.size]).toEqual([command, size]);
  },
);

test('a reader state has the size and the offsets that C gives it', () => {
  expect(READER_STATE).toEqual({
    size: 184,
    offsets: { name: 0, changes: 128, state: 132, sharing: 136, atr: 140, atrLength: 176, protocol: 180 },
  });
});

test('a request has the header, the named numbers in the order of the machine, zeros, and room for data', () => {
  const bytes = messages.request(messages.END, { card: 0x01020304, rv: 0xffffffff }, 2);
  const number = (value: readonly number[]) => (LITTLE_ENDIAN ? [...value].reverse() : value);
  expect([...bytes]).toEqual([
    ...number([0, 0, 0, 12]),
    ...number([0, 0, 0, 8]),
    ...number([1, 2, 3, 4]),
    ...[0, 0, 0, 0],
    ...[0xff, 0xff, 0xff, 0xff],
    ...[0, 0],
  ]);
});
