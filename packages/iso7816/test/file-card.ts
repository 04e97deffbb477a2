import { expect } from 'vitest';
import { Card, type CardOptions } from '../src/card.ts';
import { decodeCommand } from '../src/command.ts';
import { fromHex, toHex } from '../src/hex.ts';
import { FakeChannel } from './fake-channel.ts';

/** How the card gives its file out. */
export interface FileOptions {
  /** Most bytes the card gives in one answer. */
  readonly piece?: number;
  /** What it says when the offset is at or beyond the end. */
  readonly end?: string;
  /** Whether it takes extended Le. */
  readonly extended?: boolean;
  /** Whether it says 6282 when it gives fewer bytes than asked for. */
  readonly warns?: boolean;
}

/** A card with one file, already selected. */
export function fileCard(file: Uint8Array, options: FileOptions = {}): FakeChannel {
  const { piece = 65_536, end = '6B00', extended = false, warns = false } = options;
  return new FakeChannel((hex) => {
    const { ins, p1, p2, le = 0, extended: isExtended } = decodeCommand(fromHex(hex));
    if (ins !== 0xb0) return '9000';
    if (isExtended && !extended) return '6700';
    const offset = p1 * 0x100 + p2;
    if (offset >= file.length) return end;
    const data = file.subarray(offset, offset + Math.min(le, piece));
    return toHex(data) + (warns && data.length < le ? '6282' : '9000');
  });
}

/** A card that gives these answers to READ BINARY, then keeps giving the last one. */
export const answers = (...given: readonly string[]): FakeChannel =>
  new FakeChannel((_, index) => given[Math.min(index, given.length - 1)] ?? '6F00');

/** Reads the whole selected file. */
export const readFile = (channel: FakeChannel, options: CardOptions = {}): Promise<Uint8Array> =>
  new Card(channel, options).exclusive((session) => session.readFile());

/** Reads the object at the start of the selected file. */
export const readObject = (channel: FakeChannel, options: CardOptions = {}): Promise<Uint8Array> =>
  new Card(channel, options).exclusive((session) => session.readObject());

/** Bytes that differ from one another, at any offset of interest. */
export const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

/** `30 82 hh ll` with `length` bytes in all, and filler after it. */
export function certificateFile(length: number, filler = 0): Uint8Array {
  const file = new Uint8Array(length + filler).fill(0xff);
  file.set(pattern(length));
  file.set([0x30, 0x82, (length - 4) >> 8, (length - 4) & 0xff]);
  return file;
}

/** Expects the same bytes, and shows them in hexadecimal where they are not. */
export function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(toHex(actual)).toBe(toHex(expected));
}
