import { CommonApplication, JpkiApplication, TextApplication, VisualApplication } from '@jpki/applets';
import { digestInfo, digestOf, readCertificate, verifyRsa } from '@jpki/core';
import { Card, fromHex, toHex } from '@jpki/iso7816';
import { accessCodes, type Persona, personaNamed } from '@jpki/simulator';
import { beforeAll, describe, expect, test } from 'vitest';
import { type RecordedCard, recordedCards, type Secrets } from '../../test/recorded-card.ts';
import { maskedText } from '../masked-bytes.ts';
import type { TraceEntry } from '../model.ts';
import { replay } from '../replay/replay.ts';
import { equivalentOf } from './card-equivalent.ts';
import type { Equivalent } from './equivalent.ts';
import { recorder } from './record.ts';

const { insert, openPlain, trust } = recordedCards();
const document = Buffer.from('a document');
const digest = digestOf('sha256', document);

let equivalent: Equivalent;
let stranger: Persona;

beforeAll(async () => {
  const virtual = await openPlain({ persona: 'foreign-resident' });
  stranger = virtual.persona;
  const codes = accessCodes(stranger);
  equivalent = await equivalentOf(virtual, {
    ...stranger.pins,
    ...(codes && { 'number-a': codes.a, 'number-b': codes.b, birth: codes.birth }),
  });
});

/** A card that shares nothing with the stranger's. */
const own = personaNamed('adult');
const persona: Persona = {
  ...own,
  holder: { ...own.holder, address: '別県別市別町９丁目８番７号', municipalityCode: '98765' },
};

const record = (): Promise<RecordedCard> =>
  insert({ persona, record: { holder: 'person', synthesize: { equivalent } } });

/** Operations, and what tells that they worked on the stranger's card. */
const flows: Readonly<Record<string, (card: Card, secrets: Secrets) => Promise<unknown>>> = {
  'the certificates': async (card, { sign }) => {
    const jpki = new JpkiApplication(card);
    return [await jpki.auth.certificate(), await jpki.sign.certificate({ pin: sign() })];
  },
  'the attributes, proven': async (card, { text }) => {
    const read = new TextApplication(card).attributes({ secret: { pin: text() }, trust: await trust() });
    const { proof, attributes } = await read;
    expect(proof.status).toBe('verified');
    return attributes;
  },
  'the face, proven': async (card, { a }) => {
    const { proof } = await new VisualApplication(card).face({
      secret: { numberA: a() },
      trust: await trust(),
    });
    expect(proof.status).toBe('verified');
  },
  'the card number': (card) => new CommonApplication(card).cardRecord(),
  'a signature': async (card, { auth }) => {
    const jpki = new JpkiApplication(card);
    return jpki.auth.withSigner({ pin: auth() }, async (signer) => {
      const signature = await signer.sign('sha256', digest);
      const { publicKey } = readCertificate(signer.certificate);
      expect(verifyRsa(publicKey, 'sha256', document, signature)).toBe(true);
    });
  },
};

describe.each(Object.entries(flows))('a synthesized recording of %s', (_, flow) => {
  test("replays strictly, with the stranger's data", async () => {
    const recorded = await record();
    const own = await flow(recorded.card, recorded.secrets);
    expect(recorded.recording.failure).toBeUndefined();
    const channel = replay(recorded.trace(), { mode: 'strict' });
    const replayed = await flow(new Card(channel), recorded.secrets);
    channel.assertFinished();
    if (own !== undefined) expect(replayed).not.toEqual(own);
  });

  test('holds nothing of the card that was recorded', async () => {
    const recorded = await record();
    await flow(recorded.card, recorded.secrets);
    const { holder } = recorded.virtual.persona;
    const text = recorded.text().replaceAll('\n  ', '');
    for (const canary of [holder.name, holder.address, holder.myNumber, holder.municipalityCode])
      expect(text.includes(toHex(Buffer.from(canary))), canary).toBe(false);
  });

  test('replays when it was recorded with short identifiers and extended lengths', async () => {
    const options = { card: { shortIds: true, extendedLe: true } };
    const recorded = await insert({
      persona,
      record: { holder: 'person', synthesize: { equivalent } },
      ...options,
    });
    await flow(recorded.card, recorded.secrets);
    const channel = replay(recorded.trace(), { mode: 'strict' });
    await flow(new Card(channel, options.card), recorded.secrets);
    channel.assertFinished();
  });
});

test('what was signed with the own certificate is written as the stranger would have had it signed', async () => {
  const other = digestInfo('sha256', digestOf('sha256', Buffer.from('with the certificate of the stranger')));
  const recorded = await insert({
    persona,
    record: { holder: 'person', synthesize: { equivalent: { ...equivalent, dataToSign: () => other } } },
  });
  const sign = (card: Card, message: Uint8Array) =>
    new JpkiApplication(card).auth.withSigner({ pin: recorded.secrets.auth() }, async (signer) => ({
      signature: await signer.sign('sha256', digestOf('sha256', message)),
      certificate: signer.certificate,
    }));
  await sign(recorded.card, document);
  const channel = replay(recorded.trace(), { mode: 'strict' });
  const message = Buffer.from('with the certificate of the stranger');
  const { signature, certificate } = await sign(new Card(channel), message);
  channel.assertFinished();
  expect(verifyRsa(readCertificate(certificate).publicKey, 'sha256', message, signature)).toBe(true);
});

/** The synthesized commands of reads that a card of `length` bytes of file content answered. */
async function rewritten(
  own: string,
  other: string,
  reads: readonly (readonly [offset: number, le: number])[],
): Promise<string[]> {
  const file = fromHex(own);
  const entries: TraceEntry[] = [];
  const recording = recorder((entry) => entries.push(entry), {
    holder: 'person',
    clock: () => 0,
    synthesize: { equivalent: { file: () => fromHex(other) } },
  });
  const layer = recording.layer({
    atr: fromHex('3B00'),
    transmit: async (command) => {
      if (command[1] !== 0xb0) return fromHex('9000');
      const offset = ((command[2] ?? 0) << 8) | (command[3] ?? 0);
      if (offset >= file.length) return fromHex('6B00');
      return Buffer.concat([file.subarray(offset, offset + ((command[4] ?? 0) || 256)), fromHex('9000')]);
    },
    [Symbol.asyncDispose]: async () => {},
  });
  await layer.transmit(fromHex('00A4040C0AD3921000310001010408'));
  await layer.transmit(fromHex('00A4020C020002'));
  for (const [offset, le] of reads)
    await layer.transmit(Uint8Array.of(0, 0xb0, offset >> 8, offset & 0xff, le & 0xff));
  recording.end();
  expect(recording.failure).toBeUndefined();
  return entries.slice(4).flatMap((entry) => {
    if (entry.type !== 'command' && entry.type !== 'response') return [];
    return maskedText(entry.bytes);
  });
}

const object = (length: number, filler = 0): string =>
  `FF20${length.toString(16).padStart(2, '0')}${'AB'.repeat(length)}${'FF'.repeat(filler)}`;

describe('reads of one file, synthesized', () => {
  test('end where the object of the equivalent ends, with what is left as Le', async () => {
    expect(
      await rewritten(object(13, 4), object(17, 2), [
        [0, 8],
        [8, 8],
      ]),
    ).toEqual([
      '00B0000008',
      'FF2011ABABABABAB9000',
      '00B0000808',
      'ABABABABABABABAB9000',
      '00B0001004',
      'ABABABAB9000',
    ]);
  });

  test('end sooner where its object is shorter', async () => {
    expect(
      await rewritten(object(15), object(2), [
        [0, 8],
        [8, 8],
        [16, 2],
      ]),
    ).toEqual(['00B0000008', 'FF2002ABAB9000']);
  });

  test('end with the same refusal where the reader went on until there was one', async () => {
    expect(
      await rewritten(object(3), object(4, 2), [
        [0, 0],
        [6, 0],
      ]),
    ).toEqual(['00B0000000', 'FF2004ABABABABFFFF9000', '00B0000900', '6B00']);
  });

  test('keep a look at the beginning apart from the reading that follows', async () => {
    expect(
      await rewritten(object(5), object(7), [
        [0, 3],
        [0, 8],
      ]),
    ).toEqual(['00B0000003', 'FF20079000', '00B000000A', 'FF2007ABABABABABABAB9000']);
  });

  test('show no length of the own file in Le, where its beginning had told the reader', async () => {
    const own = object(30);
    const other = object(40);
    expect(
      (
        await rewritten(own, other, [
          [0, 3],
          [3, 30],
        ])
      ).filter((text) => text.startsWith('00B0')),
    ).toEqual(['00B0000003', '00B0000328']);
    expect(
      (
        await rewritten(own, other, [
          [0, 3],
          [0, 33],
        ])
      ).filter((text) => text.startsWith('00B0')),
    ).toEqual(['00B0000003', '00B000002B']);
  });

  test('are redacted where the card refused them', async () => {
    expect(await rewritten('', object(7), [[0, 8]])).toEqual(['00B0000008', '6B00']);
  });
});
