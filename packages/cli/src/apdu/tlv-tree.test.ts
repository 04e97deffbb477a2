import { encodeTlv, fromHex } from '@jpki/iso7816';
import { describe, expect, it } from 'vitest';
import { openTlv, tlvLines } from './tlv-tree.ts';

describe('response data', () => {
  it('is opened where it is data objects from beginning to end', () => {
    expect(openTlv(fromHex('6F078405A000000308 5F200131'))).toEqual([
      { tag: '6F', length: 7, children: [{ tag: '84', length: 5, value: 'A000000308' }] },
      { tag: '5F20', length: 1, value: '31' },
    ]);
  });

  it.each(['FFFF', '0000', 'FF'])('may end in the filler of a file: %s', (filler) => {
    expect(openTlv(fromHex(`040101${filler}`))).toEqual([{ tag: '04', length: 1, value: '01' }]);
  });

  it('stays bytes inside an object that only looks like a template', () => {
    expect(openTlv(fromHex('7003010203'))).toEqual([{ tag: '70', length: 3, value: '010203' }]);
  });

  it.each(['', '04', '0405', '040501', '00040101', 'FFFFFF', '040101040501', '5F', '1F8080808080'])(
    'stays bytes: %j',
    (hex) => {
      expect(openTlv(fromHex(hex))).toBeUndefined();
    },
  );

  it('of a hostile card is opened within bounds', () => {
    let nested = fromHex('040100');
    for (let depth = 0; depth < 200; depth++) nested = encodeTlv(0x30, nested);
    expect(tlvLines(openTlv(nested) ?? []).length).toBeLessThan(20);
    const many = new Uint8Array(60_000).fill(4);
    for (let at = 1; at < many.length; at += 2) many[at] = 0;
    expect(openTlv(many)).toBeUndefined();
  });

  it('is shown as a tree, long values cut', () => {
    const lines = tlvLines(
      openTlv(encodeTlv(0x30, encodeTlv(4, new Uint8Array(40)), encodeTlv(5))) ?? [],
      '',
    );
    expect(lines).toEqual(['30 (44)', `  04 (40) ${'00'.repeat(32)}…`, '  05 (0)']);
  });
});
