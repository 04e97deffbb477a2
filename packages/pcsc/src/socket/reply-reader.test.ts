import { describe, expect, test } from 'vitest';
import { type AwaitedReply, ReplyReader } from './reply-reader.ts';
import { readNumber, viewOf, writeNumber } from './struct.ts';

/** Answers of a number and as many bytes after it. */
function counted(count: number): Uint8Array {
  const bytes = new Uint8Array(4 + count).fill(count);
  writeNumber(viewOf(bytes), 0, count);
  return bytes;
}

function readerOf(replies: number) {
  const delivered: Uint8Array[] = [];
  const due: AwaitedReply = {
    form: { size: 4, tail: (head) => readNumber(head, 0) },
    deliver: (bytes) => delivered.push(Uint8Array.from(bytes)),
  };
  return { delivered, reader: new ReplyReader(() => (delivered.length < replies ? due : undefined)) };
}

const answers = [counted(5), counted(0), counted(1), counted(200)];
const stream = Buffer.concat(answers);

describe('the stream of the service', () => {
  test.each([1, 2, 3, 4, 5, 7, 64, stream.length])(
    'gives the same answers in pieces of %i bytes',
    (piece) => {
      const { delivered, reader } = readerOf(answers.length);
      for (let at = 0; at < stream.length; at += piece) reader.push(stream.subarray(at, at + piece));
      expect(delivered).toEqual(answers);
    },
  );

  test('gives no answer before its last byte', () => {
    const { delivered, reader } = readerOf(1);
    reader.push(counted(5).subarray(0, -1));
    expect(delivered).toEqual([]);
    reader.push(counted(5).subarray(-1));
    expect(delivered).toEqual([counted(5)]);
  });

  test('must not have a byte that nobody asked for', () => {
    const { delivered, reader } = readerOf(1);
    expect(() => reader.push(Buffer.concat([counted(2), Uint8Array.of(0)]))).toThrow('was not asked for');
    expect(delivered).toEqual([counted(2)]);
  });

  test.each([4, 2])('is refused as soon as a length is, whole or in pieces of %i', (piece) => {
    const reader = new ReplyReader(() => ({
      form: {
        size: 4,
        tail: () => {
          throw new RangeError('too long');
        },
      },
      deliver: () => undefined,
    }));
    expect(() => {
      for (let at = 0; at < 4; at += piece) reader.push(new Uint8Array(piece));
    }).toThrow('too long');
  });
});
