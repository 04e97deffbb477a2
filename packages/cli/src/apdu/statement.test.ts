import { JPKI_AID } from '@jpki/applets';
import { cardMap } from '@jpki/applets/card-map';
import { toHex } from '@jpki/iso7816';
import { describe, expect, it } from 'vitest';
import { parseExpectation } from './expectation.ts';
import { SELECTABLE, selectCommand } from './selection.ts';
import { mayBeRemembered, parseStatement } from './statement.ts';

const bytes = (line: string) => {
  const statement = parseStatement(line);
  return statement.kind === 'command' ? toHex(statement.command) : statement;
};

describe('a line', () => {
  it.each([
    ['00b0000004', '00B0000004'],
    [' 00 B0 00 00 04 ', '00B0000004'],
    ['00:b0:00:00', '00B00000'],
    ['00B0000004 # the first bytes', '00B0000004'],
    ['00B0000004=>9000', '00B0000004'],
    ['> 00B0000004', '00B0000004'],
    ['0x00 0xB0 0x00 0x00 0x04', '00B0000004'],
    ['0x00, 0xb0,0x00, 0x00, 0x04, => 9000', '00B0000004'],
    ['00,B0,00,00', '00B00000'],
    ['select jpki', `00A4040C0A${toHex(JPKI_AID)}`],
    ['SELECT  JPKI', `00A4040C0A${toHex(JPKI_AID)}`],
    ['select A000000308', '00A4040C05A000000308'],
    ['select 000A', '00A4020C02000A'],
  ])('%j is a command', (line, hex) => {
    expect(bytes(line)).toBe(hex);
  });

  it.each([
    ['', { kind: 'nothing' }],
    ['  # only a comment', { kind: 'nothing' }],
    ['atr', { kind: 'word', word: 'atr' }],
    ['QUIT', { kind: 'word', word: 'quit' }],
    ['exit', { kind: 'word', word: 'quit' }],
    ['00B00000 4', { kind: 'mistake', mistake: 'not-hex' }],
    ['< 9000', { kind: 'mistake', mistake: 'not-hex' }],
    ['00B0000004, 9000', { kind: 'mistake', mistake: 'not-hex' }],
    ['0x00B0000004', { kind: 'mistake', mistake: 'not-hex' }],
    ['00B000 0x 04', { kind: 'mistake', mistake: 'not-hex' }],
    ['00B0000004 \\', { kind: 'mistake', mistake: 'not-hex' }],
    ['hello', { kind: 'mistake', mistake: 'not-hex' }],
    ['00B000', { kind: 'mistake', mistake: 'too-short' }],
    ['=> 9000', { kind: 'mistake', mistake: 'too-short' }],
    ['00'.repeat(65_545), { kind: 'mistake', mistake: 'too-long' }],
    ['00B0000004 => 900', { kind: 'mistake', mistake: 'expectation' }],
    ['00B0000004 =>', { kind: 'mistake', mistake: 'expectation' }],
    ['select', { kind: 'mistake', mistake: 'not-hex' }],
    ['select nothing', { kind: 'mistake', mistake: 'selection' }],
    ['select A0000003', { kind: 'mistake', mistake: 'selection' }],
    ['select constructor', { kind: 'mistake', mistake: 'selection' }],
  ])('%j is none', (line, expected) => {
    expect(parseStatement(line)).toEqual(expected);
  });

  it('selects every application it names, each another one of the map', () => {
    const aids = SELECTABLE.map((name) => toHex(selectCommand(name)?.subarray(5) ?? new Uint8Array()));
    expect(new Set(aids).size).toBe(5);
    for (const aid of aids) expect(cardMap.map((each) => toHex(each.aid))).toContain(aid);
  });
});

describe('what is expected', () => {
  it.each([
    ['9000', [0x9000], [0x9001, 0x6282]],
    ['63Cx', [0x63c0, 0x63cf], [0x6300, 0x63d0]],
    ['63cX', [0x63c5], [0x6985]],
    ['61xx|9000', [0x6110, 0x9000], [0x6c10]],
    [' 6a82 | 6283 ', [0x6a82, 0x6283], [0x9000]],
    ['xxxx', [0, 0xffff], []],
  ])('%j', (text, fitting, others) => {
    const expectation = parseExpectation(text);
    for (const sw of fitting) expect(expectation?.matches(sw)).toBe(true);
    for (const sw of others) expect(expectation?.matches(sw)).toBe(false);
  });

  it.each(['', '9', '90000', '9000|', '|9000', 'OK', '9000,6A82', '9000|'.repeat(40)])(
    '%j is nothing',
    (text) => {
      expect(parseExpectation(text)).toBeUndefined();
    },
  );
});

describe('the history', () => {
  it.each(['select jpki', '00B0000004 => 9000', '00200080', 'reset'])('may keep %j', (line) => {
    expect(mayBeRemembered(line)).toBe(true);
  });

  it.each([
    '002000800431323334',
    '00 20 00 80 04 31 32 33 34 => 9000',
    '> 002000800431323334',
    '0x00, 0x20, 0x00, 0x80, 0x04, 0x31, 0x32, 0x33, 0x34',
    '0020008004 3132333',
    '0020008004 1234 => x',
    '1020008002 3132',
    '1234',
    'my pin is 1234',
    '00B0000004 # pin 1234',
    '',
  ])('may not keep %j', (line) => {
    expect(mayBeRemembered(line)).toBe(false);
  });
});
