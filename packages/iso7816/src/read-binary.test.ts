import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import type { CardSession } from './card-session.ts';
import { decodeCommand } from './command.ts';
import { CardLimitError, StatusWordError, TlvFormatError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';

interface FileOptions {
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
function fileCard(file: Uint8Array, options: FileOptions = {}): FakeChannel {
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
const answers = (...given: readonly string[]) =>
  new FakeChannel((_, index) => given[Math.min(index, given.length - 1)] ?? '6F00');

const session = <T>(channel: FakeChannel, work: (s: CardSession) => Promise<T>, extendedLe = false) =>
  new Card(channel, { extendedLe }).exclusive(work);
const readFile = (channel: FakeChannel, extendedLe = false) =>
  session(channel, (s) => s.readFile(), extendedLe);
const readObject = (channel: FakeChannel, extendedLe = false) =>
  session(channel, (s) => s.readObject(), extendedLe);

const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
/** `30 82 hh ll` with `length` bytes in all, and filler after it. */
function certificateFile(length: number, filler = 0): Uint8Array {
  const file = new Uint8Array(length + filler).fill(0xff);
  file.set(pattern(length));
  file.set([0x30, 0x82, (length - 4) >> 8, (length - 4) & 0xff]);
  return file;
}
const same = (actual: Uint8Array, expected: Uint8Array) => expect(toHex(actual)).toBe(toHex(expected));

describe('reading a whole file', () => {
  test.each([1, 3, 255, 256, 257, 512, 20_000])('of %i bytes', async (length) => {
    const channel = fileCard(pattern(length));
    same(await readFile(channel), pattern(length));
    expect(channel.sent.length).toBe(Math.ceil(length / 256) + 1);
  });

  test('with offsets in P1-P2, 256 bytes at a time, until the offset is outside the file', async () => {
    const channel = fileCard(pattern(300));
    await readFile(channel);
    expect(channel.sent).toEqual(['00B0000000', '00B0010000', '00B0012C00']);
  });

  test.each<[string, FileOptions]>([
    ['6B00', { end: '6B00' }],
    ['an empty 9000', { end: '9000' }],
    ['an empty 6282', { end: '6282' }],
    ['6282 with the rest', { warns: true }],
  ])('the end may be said by %s', async (_, options) => {
    same(await readFile(fileCard(pattern(700), options)), pattern(700));
  });

  test('6282 with the rest needs no further command', async () => {
    const channel = fileCard(pattern(300), { warns: true });
    await readFile(channel);
    expect(channel.sent.length).toBe(2);
  });

  test('a file whose first answer is empty is empty', async () => {
    expect(await readFile(fileCard(new Uint8Array(), { end: '9000' }))).toEqual(new Uint8Array());
    expect(await readFile(fileCard(new Uint8Array(), { end: '6282' }))).toEqual(new Uint8Array());
  });

  test('6B00 at offset 0 is an error: there was nothing to read', async () => {
    await expect(readFile(answers('6B00'))).rejects.toMatchObject({ sw: 0x6b00 });
  });

  test('any file in any pieces is read as it is', async () => {
    const files = fc.uint8Array({ minLength: 1, maxLength: 1_500 });
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 3, max: 300 }), fc.boolean(), async (file, piece, warns) => {
        same(await readFile(fileCard(file, { piece, warns: warns && piece >= 256 })), file);
      }),
    );
  });

  test.each(['6982', '6981', '6986', '6A82', '6F00', '6300', '63C3', '6281'])(
    '%s is an error at the start and in the middle, never an end',
    async (sw) => {
      const error = { name: 'StatusWordError', sw: Number.parseInt(sw, 16) };
      await expect(readFile(answers(sw))).rejects.toMatchObject(error);
      await expect(readFile(answers(`${'AA'.repeat(256)}9000`, sw))).rejects.toMatchObject(error);
      await expect(readObject(answers(sw))).rejects.toMatchObject(error);
      await expect(readObject(answers('308201009000', sw))).rejects.toMatchObject(error);
    },
  );

  test('6Cxx and 61xx on the way do not disturb it', async () => {
    const sixC = new FakeChannel((hex) => {
      if (hex === '00B0000000') return '6C03';
      return hex === '00B0000003' ? 'AABBCC9000' : '6B00';
    });
    same(await readFile(sixC), fromHex('AABBCC'));
    const sixOne = new FakeChannel((hex) => {
      if (hex === '00B0000000') return '6102';
      return hex === '00C0000002' ? 'AABB9000' : '6B00';
    });
    same(await readFile(sixOne), fromHex('AABB'));
  });
});

describe('limits of reading', () => {
  test('a card that gives one byte at a time is stopped after 512 commands', async () => {
    const channel = answers('AA9000');
    await expect(readFile(channel)).rejects.toThrow(CardLimitError);
    expect(channel.sent.length).toBe(512);
  });

  test('a file that goes on beyond offset 7FFF is refused, not read from a short EF id', async () => {
    const channel = answers(`${'AA'.repeat(256)}9000`);
    await expect(readFile(channel)).rejects.toThrow(CardLimitError);
    expect(channel.sent.at(-1)).toBe('00B07F0000');
  });

  test('more than 64 KiB are refused however large the answers are', async () => {
    for (const last of ['9000', '6282']) {
      const channel = answers(`${'AA'.repeat(32_767)}9000`, `${'AA'.repeat(65_536)}${last}`);
      await expect(readFile(channel)).rejects.toThrow(CardLimitError);
      expect(channel.sent.length).toBe(2);
    }
  });

  test('an object that claims more than 64 KiB is refused after one command', async () => {
    for (const head of ['30830100009000', '3084FFFFFFFF9000', '3083FFFFFF9000']) {
      const channel = answers(head);
      await expect(readObject(channel)).rejects.toThrow(CardLimitError);
      expect(channel.sent.length).toBe(1);
    }
  });
});

describe('reading the object at the start of a file', () => {
  test.each([
    [1_586, 7],
    [256, 1],
    [257, 2],
    [512, 2],
    [20_000, 79],
  ])('a certificate of %i bytes takes %i commands', async (length, commands) => {
    const channel = fileCard(certificateFile(length, 300));
    same(await readObject(channel), certificateFile(length));
    expect(channel.sent.length).toBe(commands);
  });

  test('the last command asks for no more than is missing', async () => {
    const channel = fileCard(certificateFile(300, 500));
    await readObject(channel);
    expect(channel.sent).toEqual(['00B0000000', '00B001002C']);
  });

  test('filler is not returned, and a small object needs one command', async () => {
    const channel = fileCard(fromHex('DF210301E001FFFF'));
    same(await readObject(channel), fromHex('DF210301E001'));
    expect(channel.sent.length).toBe(1);
  });

  test('the result does not share memory with the filler', async () => {
    const object = await readObject(fileCard(fromHex('0401AAFFFF')));
    expect(object.buffer.byteLength).toBe(3);
  });

  test.each(['0400', '047F', '048101', '0482000A', 'DF25820003', '7F2182012C', '5F3784000000FF'])(
    'a header %s is understood byte by byte',
    async (head) => {
      const bytes = fromHex(`${head}${'AB'.repeat(400)}`);
      const whole = await readObject(fileCard(bytes));
      same(await readObject(fileCard(bytes, { piece: 1 })), whole);
      same(await readObject(fileCard(bytes, { piece: 2 })), whole);
    },
  );

  test.each([
    ['FFFFFFFFFF', 'an erased file (FF)'],
    ['0000000000', 'an erased file (00)'],
    ['3080AABB0000', 'an indefinite length'],
    ['308500000000020500', 'five length bytes'],
    ['1F818181818101AA', 'an endless tag'],
    ['30', 'one byte'],
    ['308201', 'half a length'],
    ['30820100AABB', 'an object cut off by the end of the file'],
    ['3003AABB', 'an object one byte short'],
  ])('%s is refused: %s', async (hex) => {
    for (const options of [{}, { piece: 1 }, { end: '9000' }, { warns: true }])
      await expect(readObject(fileCard(fromHex(hex), options))).rejects.toThrow(TlvFormatError);
  });

  test('an empty file is refused', async () => {
    await expect(readObject(answers('9000'))).rejects.toThrow(TlvFormatError);
  });

  test('any bytes in any pieces give an object or a typed error, within the bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 600 }),
        fc.integer({ min: 1, max: 256 }),
        async (file, piece) => {
          const channel = fileCard(file, { piece });
          const outcome = await readObject(channel).catch((error: unknown) => error);
          expect(channel.sent.length).toBeLessThanOrEqual(512);
          if (outcome instanceof Uint8Array) {
            same(outcome, file.subarray(0, outcome.length));
            return;
          }
          const typed = [TlvFormatError, CardLimitError, StatusWordError];
          expect(typed.some((kind) => outcome instanceof kind)).toBe(true);
        },
      ),
    );
  });
});

describe('extended Le', () => {
  test('is not used unless asked for', async () => {
    const channel = fileCard(certificateFile(1_586), { extended: true });
    await readObject(channel);
    expect(channel.sent.every((command) => command.length === 10)).toBe(true);
  });

  test('reads a certificate with one command', async () => {
    const channel = fileCard(certificateFile(1_586, 100), { extended: true });
    same(await readObject(channel, true), certificateFile(1_586));
    expect(channel.sent).toEqual(['00B00000000000']);
  });

  test('reads a whole file with two', async () => {
    const channel = fileCard(pattern(5_000), { extended: true });
    same(await readFile(channel, true), pattern(5_000));
    expect(channel.sent).toEqual(['00B00000000000', '00B01388000000']);
  });

  test('6700 makes the card a short one for good, in later sessions too', async () => {
    const channel = fileCard(certificateFile(300));
    const card = new Card(channel, { extendedLe: true });
    const first = await card.exclusive((s) => s.readObject());
    same(first, certificateFile(300));
    expect(channel.sent).toEqual(['00B00000000000', '00B0000000', '00B001002C']);
    await card.exclusive((s) => s.readFile());
    expect(channel.sent.slice(3).every((command) => command.length === 10)).toBe(true);
  });

  test('another error word is an error, and no reason to try again', async () => {
    const channel = answers('6982');
    await expect(readObject(channel, true)).rejects.toMatchObject({ sw: 0x6982 });
    expect(channel.sent.length).toBe(1);
  });

  test('6700 to short Le as well is an error', async () => {
    const channel = answers('6700');
    await expect(readObject(channel, true)).rejects.toMatchObject({ sw: 0x6700 });
    expect(channel.sent.length).toBe(2);
  });
});
