import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answers, certificateFile, expectBytes, fileCard, readObject } from '../test/file-card.ts';
import { CardLimitError, StatusWordError, TlvFormatError } from './errors.ts';
import { fromHex } from './hex.ts';

describe('reading the object at the start of a file', () => {
  test.each([
    [1_586, 7],
    [256, 1],
    [257, 2],
    [512, 2],
    [20_000, 79],
  ])('a certificate of %i bytes takes %i commands', async (length, commands) => {
    const channel = fileCard(certificateFile(length, 300));
    expectBytes(await readObject(channel), certificateFile(length));
    expect(channel.sent.length).toBe(commands);
  });

  test('the last command asks for no more than is missing', async () => {
    const channel = fileCard(certificateFile(300, 500));
    await readObject(channel);
    expect(channel.sent).toEqual(['00B0000000', '00B001002C']);
  });

  test('filler is not returned, and a small object needs one command', async () => {
    const channel = fileCard(fromHex('DF210301E001FFFF'));
    expectBytes(await readObject(channel), fromHex('DF210301E001'));
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
      expectBytes(await readObject(fileCard(bytes, { piece: 1 })), whole);
      expectBytes(await readObject(fileCard(bytes, { piece: 2 })), whole);
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
            expectBytes(outcome, file.subarray(0, outcome.length));
            return;
          }
          const typed = [TlvFormatError, CardLimitError, StatusWordError];
          expect(typed.some((kind) => outcome instanceof kind)).toBe(true);
        },
      ),
    );
  });

  test('an object that claims more than 64 KiB is refused after one command', async () => {
    for (const head of ['30830100009000', '3084FFFFFFFF9000', '3083FFFFFF9000']) {
      const channel = answers(head);
      await expect(readObject(channel)).rejects.toThrow(CardLimitError);
      expect(channel.sent.length).toBe(1);
    }
  });
});
