import { readTlvs } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { cardMaker, SELECT_ISD, SELECT_JPKI } from '../../test/card-at-hand.ts';

const makeCard = await cardMaker();

const SHORT = ['00CA004200', '00CA004500', '00CA006600', '00CA00F000', '00CA00F200', '00CA00F700'];
const LARGE = ['00CA00F8000000', '00CA7F21000000'];

describe('GET DATA at the card manager', () => {
  test('tells the issuer, the card, the municipality, the expiry and the chain, after power-up and after SELECT', async () => {
    const { send } = await makeCard();
    const latin = async (command: string) => {
      const answer = await send(command);
      expect(answer.slice(-4)).toBe('9000');
      return Buffer.from(answer.slice(0, -4), 'hex').toString('latin1');
    };
    for (let round = 0; round < 2; round++) {
      expect(await latin('00CA004200')).toBe('9000020\x08\x05001\0\0\0\xa8');
      expect(await latin('00CA004500')).toBe('990000000000001');
      expect(await latin('00CA00F000')).toBe('99999');
      expect(await latin('00CA00F200')).toMatch(/^20\d\d0615$/);
      expect(await latin('00CA00F700')).toBe('9999930\x08\x05002\0\0\0\x98');
      expect(await latin('00CA00F8000000')).toHaveLength(575);
      expect(await latin('00CA7F21000000')).toHaveLength(575);
      expect(await latin('00CA5F5100')).toBe('\xe0\x00\xff\x81\x31\xfe\x45\x14');
      await send(SELECT_JPKI);
      await send(SELECT_ISD);
    }
  });

  test('has card recognition data under the arc of GlobalPlatform', async () => {
    const { send } = await makeCard();
    const answer = Buffer.from((await send('00CA006600')).slice(0, -4), 'hex');
    const [data, ...rest] = readTlvs(answer);
    expect([data?.tag, rest.length]).toEqual([0x66, 0]);
    const [inner] = readTlvs(data?.value ?? new Uint8Array());
    expect(inner?.tag).toBe(0x73);
    const objects = readTlvs(inner?.value ?? new Uint8Array());
    expect(objects.map(({ tag }) => tag)).toEqual([0x06, 0x60, 0x63, 0x64]);
    for (const object of objects) {
      const [oid] = object.tag === 0x06 ? [object] : readTlvs(object.value);
      expect(Buffer.from(oid?.value ?? []).toString('hex')).toMatch(/^2a864886fc6b/);
    }
  });

  test('wants an extended Le for large objects, and an Le at all', async () => {
    const { words } = await makeCard();
    expect(await words('00CA00F800', '00CA7F2100', '00CA00F8', '00CA00F00101')).toEqual(
      Array(4).fill('6700'),
    );
    expect(await words('00CA00F801 00', '00CA00F00000FF', '00CA00F8000100', '00CA00F804')).toEqual([
      '6700',
      '9000',
      '6700',
      '6700',
    ]);
  });

  test('answers 6A88 to every other tag, and to all but the ATR while an application is selected', async () => {
    const { words } = await makeCard();
    expect(await words('00CA000000', '00CA9F7F00', '00CA00F100', '00CA006700')).toEqual(
      Array(4).fill('6A88'),
    );
    await words(SELECT_JPKI);
    expect(await words(...SHORT, ...LARGE)).toEqual(Array(8).fill('6A88'));
    expect(await words('00CA5F5100')).toEqual(['9000']);
  });

  test('knows nothing of a phone and an old 住基カード', async () => {
    for (const persona of ['phone-android', 'phone-iphone', 'juki'] as const) {
      const { words } = await makeCard({ persona });
      expect(await words(...SHORT, ...LARGE, '00CA5F5100')).toEqual(Array(9).fill('6A88'));
    }
  });
});

describe('variants of GET DATA', () => {
  test('an older card without 7F21', async () => {
    for (const setting of ['6A88', '6A82'] as const) {
      const { words } = await makeCard({ variants: { lowerCertificate: setting } });
      expect(await words(...LARGE)).toEqual(['9000', setting]);
    }
  });

  test('the ATR in an application alone, at the card manager alone, or nowhere', async () => {
    const outside = await makeCard({ variants: { contactAtrObject: 'card-manager' } });
    expect(await outside.words('00CA5F5100', SELECT_JPKI, '00CA5F5100')).toEqual(['9000', '9000', '6A88']);
    const inside = await makeCard({ variants: { contactAtrObject: 'application' } });
    expect(await inside.words('00CA5F5100', SELECT_JPKI, '00CA5F5100')).toEqual(['6A88', '9000', '9000']);
    const nowhere = await makeCard({ variants: { contactAtrObject: 'nowhere' } });
    expect(await nowhere.words('00CA5F5100', SELECT_JPKI, '00CA5F5100')).toEqual(['6A88', '9000', '6A88']);
  });

  test('fewer objects, and other words for one that is not there', async () => {
    const { words } = await makeCard({
      variants: {
        otherDataObjects: 'absent',
        dataObjectAbsent: '6A82',
        dataObjectInApplication: '6985',
        largeObjectShortLe: '6C00',
      },
    });
    expect(await words(...SHORT, '00CA00F800')).toEqual([
      ...Array(3).fill('6A82'),
      '9000',
      '9000',
      '6A82',
      '6C00',
    ]);
    expect(await words(SELECT_JPKI, '00CA00F000')).toEqual(['9000', '6985']);
  });
});
