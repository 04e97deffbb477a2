import { fromHex } from '@jpki/iso7816';
import { expect, test } from 'vitest';
import { formatNodes } from './format-nodes.ts';
import { openAtr } from './open-atr.ts';

const textOf = (hex: string) => formatNodes([openAtr(fromHex(hex))], 'en', '').join('\n');

// ATRs of the card as card-protocol.md 1.1 lists and decodes them.
test('the contact ATR says T=1 and how long to wait', () => {
  expect(textOf('3BE000FF8131FE4514')).toBe(
    [
      'ATR  3B E0 00 FF 81 31 FE 45 14',
      '  protocols         T=1',
      '  TB1               00',
      '  TC1               FF (extra guard time)',
      '  TA3               FE (IFSC 254)',
      '  TB3               45 (BWI 4, CWI 5)',
      '  historical bytes  none',
      '  check byte        right',
    ].join('\n'),
  );
});

test('compact-TLV in the historical bytes says what the card can do', () => {
  const text = textOf('3BDA13FF8131FB468012392F31C173C601C03B');
  expect(text).toContain('historical bytes  80 12 39 2F 31 C1 73 C6 01 C0');
  expect(text).toContain('card service data  C1');
  expect(text).toContain('card capabilities  C601C0 (short EF ids, chaining, extended length)');
  expect(textOf('3BC5FF8131FB458073C6010000')).toContain('C60100 (short EF ids)');
});

test('the ATR that a reader makes up for a contactless card is left as it is', () => {
  const text = textOf('3B888001000005E0B381A1007F');
  expect(text).toContain('T=0, T=1');
  expect(text).toContain('historical bytes  00 00 05 E0 B3 81 A1 00');
  expect(text).toContain('check byte        right');
});

test('a wrong check byte and bytes that are no ATR are said to be so', () => {
  expect(textOf('3BE000FF8131FE4515')).toContain('✗ check byte        wrong');
  expect(textOf('3BE0')).toContain('✗ malformed  not an answer to reset');
  expect(textOf('9000')).toContain('✗ malformed');
});
