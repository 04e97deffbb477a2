import { fromHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { maskedText } from './masked-bytes.ts';
import { Redactor } from './redact/redact.ts';

const JPKI = '00A4040C0AD392F000260100000001';
const MANAGER = '00A4040C07A0000001510000';
/** What a person's file could hold: where it is shown, the redaction was led astray. */
const SECRET = '5A5A5A5A5A5A';

/** The last answer of an exchange with a person's card. */
function shown(...exchange: readonly (readonly [command: string, response: string])[]): string {
  const redactor = new Redactor({ holder: 'person' });
  let last = '';
  for (const [command, response] of exchange) {
    redactor.command(fromHex(command));
    last = maskedText(redactor.response(fromHex(response)));
  }
  return last;
}

const CA = ['00A4020C020002', '9000'] as const;
const READ = ['00B0000000', `${SECRET}9000`] as const;

test('a file that is public is shown: what the tests below are about', () => {
  expect(shown([JPKI, '9000'], CA, READ)).toBe(`${SECRET}9000`);
});

describe('a file that was selected is not believed to be selected still', () => {
  test.each([
    ['SELECT in an ENVELOPE', '00C200000700A4020C020001', '9000'],
    ['READ BINARY with an odd instruction', '00B10001045402000000', '9000'],
    ['UPDATE BINARY by a short identifier, refused', '00D681000101', '6982'],
    ['READ BINARY by a short identifier, refused', '00B0810000', '6982'],
    ['VERIFY by a short identifier', '0020009B', '63C5'],
    ['a signature by a short identifier', '802A009A0101', '6985'],
    ['SELECT on another channel', '01A4020C020001', '9000'],
    ['an unknown instruction', '0044000000', '9000'],
    ['a command that cannot be read', '00A4020C050001', '9000'],
    ['SELECT of a file by its path', '00A4080C020001', '9000'],
    ['a warning to a SELECT', '00A4020C020002', '6283'],
    ['the first part of a chain', '10A4020C0100', '9000'],
  ])('after %s', (_, command, response) => {
    expect(shown([JPKI, '9000'], CA, [command, response], READ)).toBe('{data:6}9000');
  });
});

describe('bytes nobody asked for are masked, also where the file is public', () => {
  test.each([
    ['beside an error', [JPKI, '9000'], CA, ['00B0000000', `${SECRET}6F00`], '{data:6}6F00'],
    ['beside a warning', [JPKI, '9000'], CA, ['00B0000000', `${SECRET}6281`], '{data:6}6281'],
    ['beyond Le', [JPKI, '9000'], CA, ['00B0000004', `${SECRET}9000`], '5A5A5A5A{data:2}9000'],
    ['without Le', [JPKI, '9000'], CA, ['00B00000', `${SECRET}9000`], '{data:6}9000'],
    ['without a status word', [JPKI, '9000'], CA, ['00B0000000', SECRET], '{data:6}'],
    ['in a chain', [JPKI, '9000'], CA, ['10B0000000', `${SECRET}9000`], '{data:6}9000'],
    ['by an odd GET DATA', [MANAGER, '9000'], CA, ['00CB006600', `${SECRET}9000`], '{data:6}9000'],
    ['beyond a file', [JPKI, '9000'], CA, ['00B0880000', `8F8F00${SECRET}9000`], '8F8F00{data:6}9000'],
    ['behind a file', [JPKI, '9000'], CA, ['00B086A000', `${SECRET}9000`], '{data:6}9000'],
  ] as const)('%s', (_, select, file, read, expected) => {
    expect(shown(select, file, read)).toBe(expected);
  });

  test('by GET RESPONSE where no rest was announced', () => {
    expect(shown([JPKI, '9000'], CA, READ, ['00C0000000', `${SECRET}9000`])).toBe('{data:6}9000');
    const split = ['00B0000000', `${SECRET}6106`] as const;
    expect(shown([JPKI, '9000'], CA, split, ['00C0000006', `${SECRET}9000`])).toBe(`${SECRET}9000`);
    expect(shown([JPKI, '9000'], CA, split, ['0CC0000006', `${SECRET}9000`])).toBe('{data:6}9000');
    expect(shown([JPKI, '9000'], CA, split, ['01C0000006', `${SECRET}9000`])).toBe('{data:6}9000');
  });

  test('by a second answer to one command', () => {
    const redactor = new Redactor({ holder: 'person' });
    for (const command of [JPKI, CA[0]]) {
      redactor.command(fromHex(command));
      redactor.response(fromHex('9000'));
    }
    redactor.command(fromHex(READ[0]));
    redactor.response(fromHex(READ[1]));
    expect(redactor.response(fromHex(READ[1]))).toEqual([{ type: 'data', length: 6 }, fromHex('9000')]);
  });
});

describe('what has few possible values is not told by a mark', () => {
  test('of a number that is read digit by digit', () => {
    const redactor = new Redactor({ holder: 'person' });
    redactor.command(fromHex('00A4040C0AD3921000310001010408'));
    redactor.response(fromHex('9000'));
    for (const length of [1, 4, 7]) {
      redactor.command(Uint8Array.of(0x00, 0xb0, 0x81, 0x03, length));
      const [piece] = redactor.response(Uint8Array.of(...new Uint8Array(length).fill(0x31), 0x90, 0x00));
      expect(piece).toEqual({ type: 'personal', length });
    }
  });

  test('of digits that begin like a data object', () => {
    expect(shown(['00A4040C0AD3921000310001010408', '9000'], ['00B0850000', '3031323334359000'])).toBe(
      '{personal:6}9000',
    );
  });
});
