import type { Socket } from 'node:net';
import { endianness } from 'node:os';

/** The commands of pcscd's socket, by the numbers of pcsc-lite's `winscard_msg.h`: told anew, not from what is tested. */
export const COMMAND = {
  establishContext: 0x01,
  releaseContext: 0x02,
  connect: 0x04,
  reconnect: 0x05,
  disconnect: 0x06,
  beginTransaction: 0x07,
  endTransaction: 0x08,
  transmit: 0x09,
  control: 0x0a,
  status: 0x0b,
  getAttribute: 0x0f,
  version: 0x11,
  readerStates: 0x12,
  waitForChange: 0x13,
  stopWaiting: 0x14,
  readerStatesSize: 0x16,
  allReaderStates: 0x17,
} as const;

/** Sizes of the structures that follow a command, where there is one: pcscd hangs up on any other. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [COMMAND.establishContext, 12],
  [COMMAND.releaseContext, 8],
  [COMMAND.connect, 152],
  [COMMAND.reconnect, 24],
  [COMMAND.disconnect, 12],
  [COMMAND.beginTransaction, 8],
  [COMMAND.endTransaction, 12],
  [COMMAND.transmit, 32],
  [COMMAND.control, 24],
  [COMMAND.status, 8],
  [COMMAND.getAttribute, 280],
  [COMMAND.version, 12],
]);

/** What one client says; `data` follows the structure of a transmission or control. */
export interface Received {
  readonly command: number;
  readonly body: Buffer;
  readonly data: Buffer;
  readonly client: Socket;
}

/** The next whole message in what a client has sent; undefined while it is not all there. */
export function nextRequest(bytes: Buffer, client: Socket): Received | undefined {
  if (bytes.length < 8) return undefined;
  const size = read32(bytes, 0);
  const command = read32(bytes, 4);
  if (bytes.length < 8 + size) return undefined;
  const body = Buffer.from(bytes.subarray(8, 8 + size));
  if (size !== (SIZES.get(command) ?? 0)) throw new Error(`a structure of ${size} bytes for ${command}`);
  const length = dataLength(command, body);
  if (bytes.length < 8 + size + length) return undefined;
  return { command, body, data: Buffer.from(bytes.subarray(8 + size, 8 + size + length)), client };
}

function dataLength(command: number, body: Buffer): number {
  if (command === COMMAND.transmit) return read32(body, 12);
  return command === COMMAND.control ? read32(body, 8) : 0;
}

/** Numbers of four bytes, as structures of the protocol consist of them. */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) write32(bytes, index * 4, value);
  return bytes;
}

/** The number at an offset, in the byte order of this machine. */
export function read32(bytes: Buffer, at: number): number {
  return endianness() === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

/** Writes a number of four bytes. */
export function write32(bytes: Buffer, at: number, value: number): void {
  if (endianness() === 'LE') bytes.writeUInt32LE(value >>> 0, at);
  else bytes.writeUInt32BE(value >>> 0, at);
}
