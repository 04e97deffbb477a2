import {
  CommonApplication,
  changePin,
  JpkiApplication,
  readCardOverview,
  TextApplication,
  VisualApplication,
} from '@jpki/applets';
import { digestOf, readCertificate, verifyRsa } from '@jpki/core';
import { Card } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { pinOf, recordedCards, type Secrets } from '../../test/recorded-card.ts';
import type { Trace } from '../model.ts';
import { type ReplayChannel, replay } from '../replay/replay.ts';
import { formatEntry } from '../text/format.ts';

const { insert, trust } = recordedCards();
const digest = digestOf('sha256', Buffer.from('a document'));

type Flow = (card: Card, secrets: Secrets) => Promise<unknown>;

/** Whole operations of the applets, each with what it gives. */
const flows: Readonly<Record<string, Flow>> = {
  'read the overview': (card) => readCardOverview(card),
  'read the 利用者証明用 certificate': (card) => new JpkiApplication(card).auth.certificate(),
  'read the 署名用 certificate': (card, { sign }) =>
    new JpkiApplication(card).sign.certificate({ pin: sign() }),
  authenticate: (card, { auth }) =>
    new JpkiApplication(card).auth.withSigner({ pin: auth() }, (signer) => signer.sign('sha256', digest)),
  sign: (card, { sign }) =>
    new JpkiApplication(card).sign.withSigner({ pin: sign() }, (signer) => signer.sign('sha256', digest)),
  'read the attributes, proven': async (card, { text }) =>
    new TextApplication(card).attributes({ secret: { pin: text() }, trust: await trust() }),
  'read the attributes with 照合番号B': async (card, { b }) =>
    new TextApplication(card).attributes({ secret: { numberB: b() }, trust: await trust() }),
  'read the face, proven': async (card, { b }) =>
    new VisualApplication(card).face({ secret: { numberB: b() }, trust: await trust() }),
  'read the card number': (card) => new CommonApplication(card).cardRecord(),
  'change a PIN': (card, { auth }) =>
    changePin(card, { reference: 'auth', current: auth(), next: pinOf('8642') }),
  'change the 住民基本台帳用 PIN, in both places': (card, { resident }) =>
    changePin(card, { reference: 'resident', current: resident(), next: pinOf('8642') }),
  'spend a wrong PIN': (card) =>
    new JpkiApplication(card).auth
      .withSigner({ pin: pinOf('0000') }, () => Promise.resolve())
      .catch(({ code, triesLeft }) => ({ code, triesLeft })),
};

const replayed = (trace: Trace): { channel: ReplayChannel; card: Card } => {
  const channel = replay(trace, { mode: 'strict' });
  return { channel, card: new Card(channel) };
};

describe.each(Object.entries(flows))('what was recorded: %s', (_, flow) => {
  test('replays with the same result, and nothing is left over', async () => {
    const recorded = await insert();
    const result = await flow(recorded.card, recorded.secrets);
    const { channel, card } = replayed(recorded.trace());
    expect(await flow(card, recorded.secrets)).toEqual(result);
    channel.assertFinished();
  });
});

describe('a trace that was recorded', () => {
  test('holds no byte of a PIN, whoever the holder is', async () => {
    const { card, secrets, text } = await insert();
    await new JpkiApplication(card).sign.certificate({ pin: secrets.sign() });
    expect(text()).toMatch(/^> 002000800(?:6|7|8|9)\{pin:\d\}$/m);
    expect(text()).not.toContain(Buffer.from('ABC123').toString('hex').toUpperCase());
  });

  test('replays with other PINs of the same length only', async () => {
    const { card, secrets, trace } = await insert();
    const sign = (pin: string, on: Card) =>
      new JpkiApplication(on).auth.withSigner({ pin: pinOf(pin) }, (signer) => signer.sign('sha256', digest));
    await new JpkiApplication(card).auth.withSigner({ pin: secrets.auth() }, (signer) =>
      signer.sign('sha256', digest),
    );
    const { channel, card: second } = replayed(trace());
    const signature = await sign('9999', second);
    channel.assertFinished();
    const auth = readCertificate(await new JpkiApplication(card).auth.certificate());
    expect(verifyRsa(auth.publicKey, 'sha256', Buffer.from('a document'), signature)).toBe(true);
  });

  test('signs nothing else than what was signed', async () => {
    const { card, secrets, trace } = await insert();
    const sign = (on: Card, text: string) =>
      new JpkiApplication(on).auth.withSigner({ pin: secrets.auth() }, (signer) =>
        signer.sign('sha256', digestOf('sha256', Buffer.from(text))),
      );
    await sign(card, 'a document');
    const { channel, card: second } = replayed(trace());
    await expect(sign(second, 'another')).rejects.toMatchObject({ code: 'ERR_TRACE_MISMATCH' });
    expect(() => channel.assertFinished()).toThrow(expect.objectContaining({ code: 'ERR_TRACE_MISMATCH' }));
  });

  test('has each command before it was sent, with its duration after', async () => {
    let time = 0;
    const seen: number[] = [];
    const { card, entries } = await insert({
      record: { clock: () => (time += 1.25) },
      link: (inner) => ({
        ...inner,
        atr: inner.atr,
        transmit: (command) => {
          seen.push(entries.filter(({ type }) => type === 'command').length);
          return inner.transmit(command);
        },
        [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
      }),
    });
    await new JpkiApplication(card).auth.triesLeft();
    expect(seen).toEqual([1, 2, 3]);
    expect(formatEntry(entries[1] ?? { type: 'note', text: 'absent' })).toBe('< 9000 @1.3ms\n');
  });

  test('tells a reset by somebody else and how it was put right, and replays both', async () => {
    const recorded = await insert({
      faults: [{ at: 4, kind: 'reset' }],
      link: (inner) => ({
        atr: inner.atr,
        transmit: (command) => inner.transmit(command),
        recover: async () => {},
        [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
      }),
    });
    const read = (card: Card) => new JpkiApplication(card).auth.certificate();
    const certificate = await read(recorded.card);
    expect(recorded.text()).toMatch(/\n! reset\n! connected\n> 00A4040C/);
    const { channel, card } = replayed(recorded.trace());
    expect(await read(card)).toEqual(certificate);
    channel.assertFinished();
  });

  test('tells how the card was lost, and replays that', async () => {
    const recorded = await insert({ faults: [{ at: 3, kind: 'remove' }] });
    const read = (card: Card) => new JpkiApplication(card).auth.certificate();
    await expect(read(recorded.card)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    expect(recorded.text()).toMatch(/\n! removed\n$/);
    const { channel, card } = replayed(recorded.trace());
    await expect(read(card)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    channel.assertFinished();
  });
});
