import { fromHex, toHex } from '@jpki/iso7816';
import { describe, expect, it } from 'vitest';
import { decodeAtr } from './answer-to-reset.ts';

describe('an answer to reset', () => {
  // ATRs of Individual Number Cards and one T=0 card (card-protocol.md 1.1; ISO/IEC 7816-3).
  it.each([
    ['3BE000FF8131FE4514', ['T=1'], '', true],
    ['3BDA13FF8131FB468012392F31C173C601C03B', ['T=1'], '8012392F31C173C601C0', true],
    ['3B888001000005E0B381A1007F', ['T=0', 'T=1'], '000005E0B381A100', true],
    ['3BE000FF8131FE4515', ['T=1'], '', false],
    ['3B021450', ['T=0'], '1450', undefined],
  ])('%s is decoded', (atr, protocols, historical, checksum) => {
    const decoded = decodeAtr(fromHex(atr));
    expect(decoded).toMatchObject({ protocols, checksum });
    expect(toHex(decoded?.historical ?? new Uint8Array())).toBe(historical);
  });

  it.each(['', '3B', '00', '3B0F01', 'FFFF'])('%j is none', (bytes) => {
    expect(decodeAtr(fromHex(bytes))).toBeUndefined();
  });

  it('of nothing but announcements comes to an end', () => {
    const decoded = decodeAtr(new Uint8Array(200).fill(0xf0).fill(0x3b, 0, 1));
    expect(decoded).toEqual({ protocols: ['T=0'], historical: new Uint8Array(), checksum: undefined });
  });
});
