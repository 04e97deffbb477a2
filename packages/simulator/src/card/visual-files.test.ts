import { createHash, type KeyObject, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  dataObjects,
  faceMaker,
  fieldsOf,
  publicKeyOf,
  readCommand,
  SELECT_VISUAL,
  signedBlock,
  verifyCommand,
} from '../../test/face-of-card.ts';
import { accessCodes } from '../access-codes.ts';
import { gregorianDate } from '../calendar/japanese-era.ts';
import { cardDates } from '../card-dates.ts';
import type { PersonaName } from '../persona.ts';
import { personaNamed } from '../personas/index.ts';
import { photo } from '../pictures/photos.ts';
import { numberImage, textImage } from '../pictures/text-image.ts';

const makeCard = await faceMaker();
const codesOf = (name: PersonaName) => {
  const codes = accessCodes(personaNamed(name));
  if (codes === undefined) throw new Error('a card without codes');
  return codes;
};
const { a, b, birth } = codesOf('adult');
const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** A card with its 券面事項確認AP selected, and what unlocks it verified. */
const opened = async (
  persona: PersonaName,
  ...secrets: readonly (readonly [id: number, secret: string])[]
) => {
  const card = await makeCard({ persona });
  await card.send(SELECT_VISUAL);
  for (const [id, secret] of secrets) expect(await card.send(verifyCommand(id, secret))).toBe('9000');
  return card;
};

/** The fields of a file by tag; a missing one is an error. */
const reading = (file: Buffer) => {
  const fields = fieldsOf(file);
  return (tag: number) => {
    const field = fields.get(tag);
    if (field === undefined) throw new Error(`no ${tag.toString(16)}`);
    return field;
  };
};

/** The key certified in EF 0004. */
const issuerOf = (certificate: Buffer): KeyObject =>
  publicKeyOf(reading(certificate)(0x5f4e).value.subarray(32));

describe('the files of the 券面事項確認AP', () => {
  test('are opened by what the document says, and by nothing else', async () => {
    const words = async (...secrets: readonly (readonly [number, string])[]) => {
      const card = await opened('adult', ...secrets);
      const short = (id: number) => `00B0${(0x80 + id).toString(16)}0001`;
      return (await card.words(...[1, 2, 3, 4, 5, 6].map(short))).join(' ');
    };
    expect(await words()).toBe('6982 6982 9000 9000 6982 6982');
    expect(await words([0x11, birth])).toBe('9000 6982 9000 9000 6982 6982');
    expect(await words([0x12, b])).toBe('6982 9000 9000 9000 6982 9000');
    expect(await words([0x13, a])).toBe('6982 9000 9000 9000 9000 9000');
  });

  test('are closed again when the application is left', async () => {
    const card = await opened('adult', [0x13, a]);
    await card.words('00A4040C0AD392F000260100000001', SELECT_VISUAL);
    expect(await card.words(readCommand(2))).toEqual(['6982']);
  });

  test.each(['adult', 'child', 'foreign-resident'] as const)(
    '0002 holds the face of the %s',
    async (name) => {
      const card = await opened(name, [0x13, codesOf(name).a]);
      const { holder, numbers, ...persona } = personaNamed(name);
      const { birth: born, expiry } = cardDates({ holder, numbers, ...persona }, new Date());
      const field = reading(await card.file(2));
      const text = (tag: number) => field(tag).value.toString('latin1');
      expect([text(0xdf22), text(0xdf23), text(0xdf29)]).toEqual([
        gregorianDate(born),
        holder.sex,
        gregorianDate(expiry),
      ]);
      expect(field(0xdf25).value).toEqual(Buffer.from(textImage(holder.name, 'name')));
      expect(field(0xdf26).value).toEqual(Buffer.from(textImage(holder.address, 'address')));
      expect(field(0xdf27).value).toEqual(Buffer.from(photo(holder.portrait)));
      expect(field(0xdf2a).value).toEqual(Buffer.from(numberImage(numbers.securityCode)));
    },
  );

  test('0002 begins with the offset of every field from the first byte of the file', async () => {
    const card = await opened('adult', [0x13, a]);
    const file = await card.file(2);
    const [template] = dataObjects(file);
    expect(template?.tag).toBe(0xff20);
    expect(file.subarray(2, 3).toString('hex')).toBe('82');
    const [table, ...fields] = [...fieldsOf(file).values()];
    expect(fields.map(({ tag }) => tag - 0xdf00)).toEqual([
      0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a,
    ]);
    expect(fields.map((_, index) => table?.value.readUInt16BE(2 * index))).toEqual(
      fields.map(({ at }) => at),
    );
    // As on the test card, up to the first image.
    expect(table?.value.toString('hex', 0, 8)).toBe('001a002500290137');
    expect(fields.map(({ whole, value }) => whole.length - value.length)).toEqual([
      3, 3, 5, 5, 5, 5, 5, 3, 3,
    ]);
  });

  test('0002 is signed by the key in 0004: one DigestInfo over three digests of whole objects', async () => {
    const card = await opened('adult', [0x12, b]);
    const field = reading(await card.file(2));
    const block = signedBlock(issuerOf(await card.file(4)), field(0xdf28).value);
    expect(block).toHaveLength(115);
    expect(block.toString('hex', 0, 19)).toBe('3071300d060960864801650304020105000460');
    const digests = [[0xdf22, 0xdf23, 0xdf24], [0xdf25, 0xdf26], [0xdf27]].map((tags) =>
      sha256(...tags.map((tag) => field(tag).whole)),
    );
    expect(block.subarray(19)).toEqual(Buffer.concat(digests));
  });

  test('0001 and 0005 are signed by the key in 0004 over the two objects before', async () => {
    const card = await opened('adult', [0x11, birth], [0x13, a]);
    const issuer = issuerOf(await card.file(4));
    for (const [id, template, first] of [
      [1, 0xff10, 0xdf11],
      [5, 0xff40, 0xdf41],
    ] as const) {
      const file = await card.file(id);
      expect(dataObjects(file)[0]?.tag).toBe(template);
      const field = reading(file);
      const signed = Buffer.concat([field(first).whole, field(first + 1).whole]);
      expect(verify('sha256', signed, issuer, field(first + 2).value)).toBe(true);
      signed[3] = (signed[3] ?? 0) ^ 1;
      expect(verify('sha256', signed, issuer, field(first + 2).value)).toBe(false);
    }
    const age = await card.file(1);
    expect(age.subarray(0, 5).toString('hex')).toBe('ff1082021e');
    expect(reading(age)(0xdf11).value.toString()).toBe('19850615');
    expect(reading(await card.file(5))(0xdf41).value).toEqual(Buffer.from(numberImage(a)));
  });

  test('name one key, the one that answers the challenge with P2 = 00 and no PIN', async () => {
    const card = await opened('adult', [0x11, birth], [0x13, a]);
    const [age, face, number] = [await card.file(1), await card.file(2), await card.file(5)];
    const key = reading(face)(0xdf24).value;
    expect(reading(age)(0xdf12).value).toEqual(key);
    expect(reading(number)(0xdf42).value).toEqual(key);
    const challenge = '00112233445566778899aabbccddeeff';
    const fresh = await opened('adult');
    for (const p2 of ['00', '9A']) {
      const answer = await fresh.send(`802A00${p2}10${challenge}00`);
      expect(answer).toHaveLength(516);
      expect(signedBlock(publicKeyOf(key), Buffer.from(answer.slice(0, 512), 'hex')).toString('hex')).toBe(
        challenge,
      );
    }
    expect(await fresh.words('0088009A010100')).toEqual(['6985']);
  });

  test('0003 is the basic information, its lengths as on the test card', async () => {
    const card = await opened('adult');
    const file = await card.file(3);
    expect(file.toString('hex', 0, 5)).toBe('ff3082013b');
    const field = reading(file);
    expect(field(0xdf31).value.toString('hex')).toBe('06030e01');
    expect(field(0xdf32).value.toString('latin1', 0, 7)).toBe('9000024');
    expect(field(0xdf33).value.toString('hex')).toBe('00');
    expect(field(0xdf34).value.toString('latin1')).toBe('99999');
    expect(field(0xdf35).value).toHaveLength(272);
    expect(field(0xdf35).value.toString('latin1', 0, 7)).toBe('9900025');
  });

  test('end with filler, but 0006, which is nothing else', async () => {
    const card = await opened('adult', [0x13, a]);
    expect((await card.file(6)).toString('hex')).toBe('ff'.repeat(16));
    const face = await card.file(2);
    const content = dataObjects(face)[0]?.whole.length ?? 0;
    expect(face.length).toBeGreaterThan(content);
    expect(face.subarray(content).every((byte) => byte === 0xff)).toBe(true);
    const bare = await makeCard({ variants: { fileFiller: 'none' } });
    await bare.words(SELECT_VISUAL, verifyCommand(0x13, a));
    expect(await bare.file(2)).toHaveLength(content);
  });
});

describe('the codes of the 券面事項確認AP', () => {
  test('have ten tries each, and block like a PIN', async () => {
    const card = await opened('adult');
    expect(await card.words('00200091', '00200092', '00200093')).toEqual(['63CA', '63CA', '63CA']);
    const wrong = verifyCommand(0x13, '000000000000');
    expect(await card.words(wrong, verifyCommand(0x13, a), '00200093')).toEqual(['63C9', '9000', '63CA']);
    for (let tries = 10; tries > 0; tries--) await card.send(wrong);
    expect(await card.words('00200093', verifyCommand(0x13, a), '00200092')).toEqual([
      '63C0',
      '6984',
      '63CA',
    ]);
  });

  test('are not changed by any command', async () => {
    const card = await opened('adult', [0x13, a]);
    expect(await card.words(`002401930C${'30'.repeat(12)}`)).toEqual(['6982']);
  });

  test('work on a card without PINs', async () => {
    const codes = codesOf('face-auth');
    const card = await opened('face-auth', [0x11, codes.birth], [0x12, codes.b], [0x13, codes.a]);
    expect(await card.words(readCommand(1), readCommand(2))).toEqual(['9000', '9000']);
  });

  test('have three tries, unknown keys and open filler in the other variants', async () => {
    const card = await makeCard({
      variants: { codeTries: '3', birthTries: '3', visualUnknownKeys: 'absent', visualFillerAccess: 'free' },
    });
    expect(await card.words(SELECT_VISUAL, '00200091', '00200092', '00200093')).toEqual([
      '9000',
      '63C3',
      '63C3',
      '63C3',
    ]);
    expect(await card.words('00A4020C02001C', readCommand(6))).toEqual(['6A82', '9000']);
  });
});

test('phones and the old 住基カード have no such application', async () => {
  for (const persona of ['phone-android', 'phone-iphone', 'juki'] as const) {
    const card = await makeCard({ persona });
    expect(await card.words(SELECT_VISUAL)).toEqual(['6A82']);
  }
});
