import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import {
  answers,
  certificateFile,
  expectBytes,
  type FileOptions,
  fileCard,
  pattern,
  readFile,
  readObject,
} from '../test/file-card.ts';
import { Card } from './card.ts';
import { CardLimitError } from './errors.ts';
import { fromHex } from './hex.ts';

describe('reading a whole file', () => {
  test.each([1, 3, 255, 256, 257, 512, 20_000])('of %i bytes', async (length) => {
    const channel = fileCard(pattern(length));
    expectBytes(await readFile(channel), pattern(length));
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
    expectBytes(await readFile(fileCard(pattern(700), options)), pattern(700));
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
        expectBytes(await readFile(fileCard(file, { piece, warns: warns && piece >= 256 })), file);
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
    expectBytes(await readFile(sixC), fromHex('AABBCC'));
    const sixOne = new FakeChannel((hex) => {
      if (hex === '00B0000000') return '6102';
      return hex === '00C0000002' ? 'AABB9000' : '6B00';
    });
    expectBytes(await readFile(sixOne), fromHex('AABB'));
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
});

describe('extended Le', () => {
  test('is not used unless asked for', async () => {
    const channel = fileCard(certificateFile(1_586), { extended: true });
    await readObject(channel);
    expect(channel.sent.every((command) => command.length === 10)).toBe(true);
  });

  test('reads a certificate with one command', async () => {
    const channel = fileCard(certificateFile(1_586, 100), { extended: true });
    expectBytes(await readObject(channel, { extendedLe: true }), certificateFile(1_586));
    expect(channel.sent).toEqual(['00B00000000000']);
  });

  test('reads a whole file with two', async () => {
    const channel = fileCard(pattern(5_000), { extended: true });
    expectBytes(await readFile(channel, { extendedLe: true }), pattern(5_000));
    expect(channel.sent).toEqual(['00B00000000000', '00B01388000000']);
  });

  test('6700 makes the card a short one for good, in later sessions too', async () => {
    const channel = fileCard(certificateFile(300));
    const card = new Card(channel, { extendedLe: true });
    const first = await card.exclusive((s) => s.readObject());
    expectBytes(first, certificateFile(300));
    expect(channel.sent).toEqual(['00B00000000000', '00B0000000', '00B001002C']);
    await card.exclusive((s) => s.readFile());
    expect(channel.sent.slice(3).every((command) => command.length === 10)).toBe(true);
  });

  test('another error word is an error, and no reason to try again', async () => {
    const channel = answers('6982');
    await expect(readObject(channel, { extendedLe: true })).rejects.toMatchObject({ sw: 0x6982 });
    expect(channel.sent.length).toBe(1);
  });

  test('6700 to short Le as well is an error', async () => {
    const channel = answers('6700');
    await expect(readObject(channel, { extendedLe: true })).rejects.toMatchObject({ sw: 0x6700 });
    expect(channel.sent.length).toBe(2);
  });
});
