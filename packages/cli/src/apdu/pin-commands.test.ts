import { fromHex } from '@jpki/iso7816';
import { describe, expect, it } from 'vitest';
import { mayCarryPin } from './pin-commands.ts';

describe('what may carry a PIN', () => {
  it.each([
    ['VERIFY', '0020008004 31323334'],
    ['VERIFY with BER-TLV', '0021000006 5304 31323334'],
    ['VERIFY without Lc, which does not decode', '00200080 3132'],
    ['VERIFY with an Lc that is wrong', '0020008008 31323334'],
    ['VERIFY with extended Lc', '00200080 000004 31323334'],
    ['CHANGE REFERENCE DATA', '0024018008 3132333434333231'],
    ['CHANGE REFERENCE DATA with BER-TLV', '00250180025300'],
    ['CHANGE REFERENCE DATA without data', '00240180'],
    ['DISABLE VERIFICATION REQUIREMENT', 'A026000104 31323334'],
    ['ENABLE VERIFICATION REQUIREMENT', 'A028000104 31323334'],
    ['RESET RETRY COUNTER', '002C000108 3132333435363738'],
    ['RESET RETRY COUNTER with BER-TLV', '002D0001025300'],
    ['CHANGE KEY of JICSAP', '8032008004 31323334'],
    ['CHANGE KEY in a class that does not have it', '0032008004 31323334'],
    ['ENVELOPE around another command', '00C200000A 0020008004 3132333400'],
    ['ENVELOPE with BER-TLV', '00C300000A 0020008004 3132333400'],
    ['a GET RESPONSE with data', '00C0000004 31323334'],
    ['what a reader passes on', 'FF00000005 D44001 00A4'],
    ['what an RC-S300 passes on', 'FF50000100000B 9509 0020008004 31323334 000000'],
    ['what a reader passes on in a transparent session', 'FFC200010B 9509 0020008004 31323334'],
    ['what another reader passes on', 'FFFE000009 0020008004 31323334'],
    ['PIN entry at a reader, asked for by an APDU (PC/SC part 10)', 'FFC2010604 1E1E8204'],
    ['VERIFY by a reader', 'FF20000004 31323334'],
  ])('is %s', (_, hex) => {
    expect(mayCarryPin(fromHex(hex))).toBe(true);
  });

  it('is a PIN command in each of the 256 classes: channel, chaining, secure messaging, proprietary', () => {
    for (const ins of [0x20, 0x21, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2c, 0x2d, 0x32, 0x33, 0xc2, 0xc3]) {
      for (let cla = 0; cla <= 0xff; cla++)
        expect(mayCarryPin(Uint8Array.of(cla, ins, 0, 0x80, 4, 0x31, 0x32, 0x33, 0x34))).toBe(true);
    }
  });

  it.each([
    ['the question for the tries left', '00200080'],
    ['the same as T=0 sends it', '0020008000'],
    ['SELECT', '00A4040C0AD392F000260100000001'],
    ['READ BINARY', '00B0000000'],
    ['GET RESPONSE', '00C0000010'],
    ['GET CHALLENGE', '0084000008'],
    ['a signature', '802A008003 010203'],
    ['the UID of a contactless card', 'FFCA000000'],
    ['a FeliCa service, chosen at the reader', 'FFA4000102 0F09'],
    ['a key for the reader, which sends it to no card', 'FF82000006 FFFFFFFFFFFF'],
    ['a question to the reader', 'FF50000000'],
  ])('is not %s', (_, hex) => {
    expect(mayCarryPin(fromHex(hex))).toBe(false);
  });

  it('is a VERIFY whose fifth byte promises data', () => {
    for (let p3 = 1; p3 <= 0xff; p3++) expect(mayCarryPin(Uint8Array.of(0, 0x20, 0, 0x80, p3))).toBe(true);
  });
});
