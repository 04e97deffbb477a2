import { connect } from 'node:net';
import { endianness } from 'node:os';
import type { OpenWay } from './way.ts';

/** Bytes before every request: the size of its structure, and the command. */
const HEADER = 8;

/** `MAX_BUFFER_SIZE_EXTENDED` of pcsc-lite. */
const LONGEST_RESPONSE = 65_548;

// Structures of numbers (pcsc-lite 1.9.9, src/winscard_msg.h); SCardConnect has the reader's name in its second field.
const VERSION = { command: 0x11, size: 12 };
const ESTABLISH = { command: 0x01, size: 12 };
const CONNECT = { command: 0x04, size: 152, name: 4, card: 140, protocol: 144 };
const TRANSMIT = { command: 0x09, size: 32, length: 24, rv: 28 };

const READER_NAME_SIZE = 128;
const SHARED = 2;
const T0_OR_T1 = 3;
const PCI_LENGTH = 16;

const LITTLE = endianness() === 'LE';

function read(bytes: Buffer, at: number): number {
  return LITTLE ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

/** A request of these numbers, and room for `extra` bytes. */
function request(message: { command: number; size: number }, numbers: readonly number[], extra = 0): Buffer {
  const bytes = Buffer.alloc(HEADER + message.size + extra);
  const write = (value: number, offset: number) =>
    LITTLE ? bytes.writeUInt32LE(value, offset) : bytes.writeUInt32BE(value, offset);
  write(message.size, 0);
  write(message.command, 4);
  for (const [index, value] of numbers.entries()) write(value, HEADER + index * 4);
  return bytes;
}

/**
 * The least that Node can do: one socket, one buffer, one write and one promise for a command. It knows no time limit,
 * no typed error, no second caller, and believes what it is told. What the socket client takes beyond it is its own.
 */
export const bareSocket: OpenWay = async (reader) => {
  const { exchange, answer, end } = exchanger();
  await exchange(request(VERSION, [4, 4]), VERSION.size);
  await exchange(request(ESTABLISH, [2]), ESTABLISH.size);
  const context = read(answer, 4);
  const unnamed = new Array<number>(READER_NAME_SIZE / 4).fill(0);
  const connecting = request(CONNECT, [context, ...unnamed, SHARED, T0_OR_T1]);
  connecting.write(reader, HEADER + CONNECT.name);
  await exchange(connecting, CONNECT.size);
  const [card, protocol] = [read(answer, CONNECT.card), read(answer, CONNECT.protocol)];
  return {
    async transmit(command) {
      const numbers = [card, protocol, PCI_LENGTH, command.length, protocol, PCI_LENGTH, LONGEST_RESPONSE];
      const message = request(TRANSMIT, numbers, command.length);
      message.set(command, HEADER + TRANSMIT.size);
      await exchange(message, TRANSMIT.size, TRANSMIT.length);
      if (read(answer, TRANSMIT.rv) !== 0) throw new Error('the service refused the command');
      return new Uint8Array(answer.subarray(TRANSMIT.size, TRANSMIT.size + read(answer, TRANSMIT.length)));
    },
    async close() {
      end();
    },
  };
};

/** One question at a time; the answer stays in `answer` until the next. `lengthAt` is where it tells of a tail. */
function exchanger() {
  const answer = Buffer.alloc(TRANSMIT.size + LONGEST_RESPONSE);
  let filled = 0;
  let wanted = 0;
  let tailAt: number | undefined;
  let done: () => void = () => undefined;
  const received = (length: number, bytes: Uint8Array) => {
    answer.set(bytes.subarray(0, length), filled);
    filled += length;
    if (filled >= wanted && tailAt !== undefined) {
      if (read(answer, TRANSMIT.rv) === 0) wanted += read(answer, tailAt);
      tailAt = undefined;
    }
    if (filled >= wanted) done();
    return true;
  };
  const path = process.env['PCSCLITE_CSOCK_NAME'] ?? '/run/pcscd/pcscd.comm';
  const socket = connect({ path, onread: { buffer: Buffer.alloc(answer.length), callback: received } });
  const exchange = (message: Buffer, size: number, lengthAt?: number) =>
    new Promise<void>((resolve) => {
      filled = 0;
      wanted = size;
      tailAt = lengthAt;
      done = resolve;
      socket.write(message);
    });
  return { exchange, answer, end: () => socket.destroy() };
}
