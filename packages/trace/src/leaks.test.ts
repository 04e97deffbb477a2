import { inspect } from 'node:util';
import { changePin, JpkiApplication, TextApplication, VisualApplication } from '@jpki/applets';
import { digestOf, readCertificate } from '@jpki/core';
import { Card, toHex } from '@jpki/iso7816';
import { accessCodes, type Persona } from '@jpki/simulator';
import { beforeAll, describe, expect, test } from 'vitest';
import { pinOf, type RecordedCard, recordedCards } from '../test/recorded-card.ts';
import { replay } from './replay/replay.ts';

const { insert, trust } = recordedCards();
const NEW_PIN = '8642';

/** Everything a person's card can be asked, in one recording. */
async function useEverything({ card, secrets }: RecordedCard): Promise<{ certificates: Uint8Array[] }> {
  const jpki = new JpkiApplication(card);
  const digest = digestOf('sha256', Buffer.from('a document'));
  const auth = await jpki.auth.certificate();
  const sign = await jpki.sign.certificate({ pin: secrets.sign() });
  await jpki.sign.withSigner({ pin: secrets.sign() }, (signer) => signer.sign('sha256', digest));
  const text = new TextApplication(card);
  await text.attributes({ secret: { pin: secrets.text() }, trust: await trust() });
  await text.attributes({ secret: { numberB: secrets.b() }, trust: 'unproven' });
  await text.myNumber({ secret: { numberA: secrets.a() }, trust: 'unproven' });
  const visual = new VisualApplication(card);
  await visual.face({ secret: { numberA: secrets.a() }, trust: await trust() });
  await visual.ageRecord({ birth: secrets.birth(), trust: 'unproven' });
  await changePin(card, { reference: 'auth', current: secrets.auth(), next: pinOf(NEW_PIN) });
  return { certificates: [auth, sign] };
}

/** Every byte string that must not be seen, with its name. */
function canaries(persona: Persona): Record<string, Uint8Array> {
  const { holder, pins, numbers } = persona;
  const codes = accessCodes(persona);
  const texts = {
    name: holder.name,
    familyName: holder.name.split('\u3000')[0] ?? '',
    address: holder.address,
    street: holder.address.slice(-6),
    myNumber: holder.myNumber,
    municipality: holder.municipalityCode,
    serial: numbers.serialNumber,
    numberB: codes?.b ?? '',
    birth: codes?.birth ?? '',
    signPin: pins.sign ?? '',
    newPin: NEW_PIN,
  };
  return Object.fromEntries(
    Object.entries(texts)
      .filter(([, text]) => text !== '')
      .map(([name, text]) => [name, Buffer.from(text)]),
  );
}

/** The ways in which bytes can stand in a text. */
function spellings(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const back = Buffer.from(bytes).reverse();
  const hex = [toHex(bytes), toHex(back)].flatMap((digits) => [digits, digits.toLowerCase()]);
  return [
    ...hex,
    buffer.toString('utf8'),
    buffer.toString('base64'),
    [...bytes].join(','),
    [...bytes].join(', '),
  ];
}

describe("a recording of a person's card", () => {
  let recorded: RecordedCard;
  let certificates: Uint8Array[];
  let shown: string;

  beforeAll(async () => {
    recorded = await insert({ record: { holder: 'person' } });
    ({ certificates } = await useEverything(recorded));
    // As a text, without the ends of lines, and as objects.
    const text = recorded.text();
    shown = [
      text,
      text.replaceAll('\n  ', ''),
      JSON.stringify(recorded.entries),
      inspect(recorded.entries, { depth: 20, maxArrayLength: null }),
      inspect(recorded.recording, { depth: 20, maxArrayLength: null, showHidden: true }),
    ]
      .join('\n')
      // The mark of a placeholder is a keyed hash: any four digits stand in one by chance.
      .replaceAll(/(?<=:)[0-9A-F]{16}(?=\})/g, 'mark');
  });

  test('has all that was done', () => {
    const commands = recorded.entries.filter(({ type }) => type === 'command');
    expect(commands.length).toBe(recorded.virtual.commandCount);
    expect(recorded.recording.failure).toBeUndefined();
    expect(shown).toContain('{pin:12}');
    expect(shown).toContain('{signature:256:');
    expect(shown).toContain('30820');
  });

  test('holds no PIN, no code and nothing of the person, in whatever spelling', () => {
    const { persona } = recorded.virtual;
    for (const [name, bytes] of Object.entries(canaries(persona)))
      for (const spelling of spellings(bytes)) expect(shown.includes(spelling), name).toBe(false);
  });

  test('holds no eight bytes of a certificate in a row', () => {
    for (const certificate of certificates) {
      const { serialNumber } = readCertificate(certificate);
      expect(shown).not.toContain(toHex(serialNumber));
      for (let at = 4; at + 8 <= certificate.length; at += 8)
        expect(shown).not.toContain(toHex(certificate.subarray(at, at + 8)));
    }
  });

  test('shows no secret in an error of its replay', async () => {
    const channel = replay(recorded.trace(), { mode: 'strict' });
    const { persona } = recorded.virtual;
    const { numberB, signPin } = canaries(persona);
    const error: unknown = await new TextApplication(new Card(channel))
      .attributes({ secret: { numberB: recorded.secrets.b() }, trust: 'unproven' })
      .catch((caught: unknown) => caught);
    const told =
      inspect(error, { depth: 20, showHidden: true, maxArrayLength: null }) + JSON.stringify(error);
    expect(told).toContain('ERR_TRACE');
    for (const bytes of [numberB, signPin])
      for (const spelling of spellings(bytes ?? new Uint8Array())) expect(told).not.toContain(spelling);
  });
});

describe('the leak test itself', () => {
  test('finds every canary that a trace of an invented holder shows', async () => {
    const recorded = await insert({ record: { holder: 'invented' } });
    await useEverything(recorded);
    const { persona } = recorded.virtual;
    const text = recorded.text().replaceAll('\n  ', '');
    const { name, address, myNumber, signPin, numberB } = canaries(persona);
    for (const bytes of [name, address, myNumber])
      expect(spellings(bytes ?? new Uint8Array()).some((spelling) => text.includes(spelling))).toBe(true);
    for (const bytes of [signPin, numberB])
      expect(spellings(bytes ?? new Uint8Array()).some((spelling) => text.includes(spelling))).toBe(false);
  });
});
