import { describe, expect, it } from 'vitest';
import { decodeAtr } from './answer-to-reset.ts';
import { fromHex, toHex } from './hex.ts';

describe('an answer to reset', () => {
  // ATRs of Individual Number Cards and one T=0 card (card-protocol.md 1.1; ISO/IEC 7816-3).
  it.each([
    ['3BE000FF8131FE4514', [1], '', true],
    ['3BDA13FF8131FB468012392F31C173C601C03B', [1], '8012392F31C173C601C0', true],
    ['3B888001000005E0B381A1007F', [0, 1], '000005E0B381A100', true],
    ['3BE000FF8131FE4515', [1], '', false],
    ['3B021450', [0], '1450', undefined],
  ])('%s is decoded', (atr, protocols, historical, checksum) => {
    const decoded = decodeAtr(fromHex(atr));
    expect(decoded).toMatchObject({ protocols, checksum });
    expect(toHex(decoded?.historical ?? new Uint8Array())).toBe(historical);
  });

  it.each(['', '3B', '00', '3B0F01', 'FFFF', '3BF0', '3B8080', `3B00${'00'.repeat(32)}`])(
    '%j is none',
    (bytes) => {
      expect(decodeAtr(fromHex(bytes))).toBeUndefined();
    },
  );

  it('has its interface bytes in groups, with the protocol each is for', () => {
    expect(decodeAtr(fromHex('3BE000FF8131FE4514'))?.groups).toEqual([
      { number: 1, protocol: undefined, tb: 0x00, tc: 0xff },
      { number: 2, protocol: 1 },
      { number: 3, protocol: 1, ta: 0xfe, tb: 0x45 },
    ]);
  });

  it('of nothing but announcements comes to an end', () => {
    expect(decodeAtr(new Uint8Array(33).fill(0xf0).fill(0x3b, 0, 1))).toBeUndefined();
  });

  it('that lacks its check byte is wrong', () => {
    expect(decodeAtr(fromHex('3BE000FF8131FE45'))?.checksum).toBe(false);
  });
});
