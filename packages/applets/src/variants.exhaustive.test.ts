import { readCertificate } from '@jpki/core';
import { CardError } from '@jpki/iso7816';
import { singleVariants } from '@jpki/simulator';
import { describe, expect, test } from 'vitest';
import { type Bench, benches, pinOf } from '../test/cards.ts';
import { readCounters } from './card-counters.ts';
import { readCardOverview } from './card-overview.ts';
import { CommonApplication } from './common/application.ts';
import { JpkiApplication } from './jpki/application.ts';
import { CardManager } from './manager/card-manager.ts';
import { changePin } from './pin-change/change-pin.ts';
import { TextApplication } from './text/application.ts';
import { VisualApplication } from './visual/application.ts';

/**
 * Every doubted fact of the card in every setting: what a person can do must work whichever is true. Where a setting takes
 * something away from the card, the answer says that, and nothing is lost.
 */
const { insert, trust } = benches();

/** What a setting takes away, by its title. */
const TAKEN: Readonly<
  Record<string, { readonly proofByB?: true; readonly messaging?: true; readonly lock?: true }>
> = {
  'integrityRecordAccess pin-a': { proofByB: true },
  'secureMessaging 66F1': { messaging: true },
  'cardManagerSelect 6A82': { lock: true },
};

const CARDS = [{ title: 'the default card', variants: {} }, ...singleVariants()];
const ECONOMY = { shortIds: true, extendedLe: true };

describe.each(CARDS)('$title', ({ title, variants }) => {
  const taken = TAKEN[title] ?? {};
  const onLockFailed = () => undefined;
  const card = async (economy = false) => insert({ variants, ...(economy && { card: ECONOMY }) });

  test('signs with both keys', async () => {
    const bench = await card();
    const jpki = new JpkiApplication(bench.card);
    for (const kind of ['auth', 'sign'] as const) {
      const length = await jpki[kind].withSigner(
        { pin: bench.secrets[kind](), onLockFailed },
        async (signer) => {
          const signature = await signer.sign('sha256', new Uint8Array(32));
          return signature.length;
        },
      );
      expect(length).toBe(256);
    }
    expect(bench.virtual.verifyCount).toBe(2);
  });

  test('gives attributes, number and face, proven', async () => {
    const bench = await card();
    await readEverything(bench);
  });

  test('does so by short identifiers and extended lengths where it takes them', async () => {
    const bench = await card(true);
    await readEverything(bench);
    const jpki = new JpkiApplication(bench.card);
    expect(readCertificate(await jpki.auth.certificate()).extensions.isCa()).toBe(false);
    const done = await jpki.auth.withSigner({ pin: bench.secrets.auth(), onLockFailed }, () =>
      Promise.resolve('done'),
    );
    expect(done).toBe('done');
  });

  test('passes the number encrypted, or says that it cannot', async () => {
    const bench = await card();
    const text = new TextApplication(bench.card);
    const call = text.myNumber({
      secret: { numberA: bench.secrets.a() },
      trust: await trust(),
      secureMessaging: { pin: bench.secrets.text() },
      onLockFailed,
    });
    const outcome = await call.then(({ myNumber }) => myNumber.reveal()).catch((error: unknown) => error);
    if (taken.messaging || taken.lock) expect(outcome).toBeInstanceOf(CardError);
    else expect(outcome).toBe(bench.codes.a);
  });

  test('tells what it is, with every counter', async () => {
    const { card: at, virtual } = await card();
    const overview = await readCardOverview(at);
    expect(overview).toMatchObject({
      kind: 'individual-number-card',
      certificates: { sign: true, auth: true },
    });
    expect(Object.values(overview.triesLeft).every((tries) => tries !== undefined && tries >= 3)).toBe(true);
    const counters = await readCounters(at, ['text.number-a', 'visual.number-b', 'visual.birth']);
    expect(Object.values(counters).every((tries) => tries === 3 || tries === 10)).toBe(true);
    expect((await new CommonApplication(at).cardRecord()).serial).toHaveLength(15);
    const manager = await new CardManager(at).certificates({ trust: await trust() });
    expect(manager?.proof.status ?? 'absent').toBe(taken.lock ? 'absent' : 'verified');
    expect(virtual.verifyCount).toBe(0);
  });

  test.each(['sign', 'auth', 'text', 'resident'] as const)('changes the %s PIN', async (reference) => {
    const bench = await card();
    const next = reference === 'sign' ? 'NEW2PASSWORD' : '8642';
    const change = (current: string, to: string) =>
      changePin(bench.card, { reference, current: pinOf(current), next: pinOf(to), onLockFailed });
    const old = bench.virtual.persona.pins[reference] ?? '';
    await change(old, next);
    await change(next, old);
  });

  test('takes a wrong PIN for wrong, at the cost of one try', async () => {
    const bench = await card();
    const text = new TextApplication(bench.card);
    const wrong = text.attributes({ secret: { pin: pinOf('0000') }, trust: 'unproven', onLockFailed });
    await expect(wrong).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT', triesLeft: 2 });
    expect(bench.virtual.verifyCount).toBe(1);
  });

  test('is told to be blocked before anything is sent', async () => {
    const { card: at, virtual } = await insert({ variants, persona: 'blocked' });
    const jpki = new JpkiApplication(at);
    const call = jpki.auth.withSigner({ pin: pinOf('1234'), onLockFailed }, () => Promise.resolve());
    await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_BLOCKED' });
    expect(virtual.verifyCount).toBe(0);
  });

  async function readEverything(bench: Bench): Promise<void> {
    const { secrets, codes, virtual } = bench;
    const anchors = await trust();
    const text = new TextApplication(bench.card);
    const visual = new VisualApplication(bench.card);
    const common = { trust: anchors, onLockFailed };
    const byPin = await text.attributes({ secret: { pin: secrets.text() }, ...common });
    expect(byPin.attributes.name).toBe(virtual.persona.holder.name);
    const byB = await text.attributes({ secret: { numberB: secrets.b() }, ...common });
    const number = await text.myNumber({ secret: { pin: secrets.text() }, ...common });
    expect(number.myNumber.reveal()).toBe(codes.a);
    const face = await visual.face({ secret: { numberA: number.myNumber.toPin() }, ...common });
    const age = await visual.ageRecord({ birth: secrets.birth(), ...common });
    const image = await visual.numberImage({ numberA: secrets.a(), ...common });
    const proofs = [byPin, number, face, age, image].map(({ proof }) => proof.status);
    expect(proofs).toEqual(Array(5).fill('verified'));
    expect(byB.proof.status).toBe(taken.proofByB ? 'unverified' : 'verified');
    expect(virtual.verifyCount).toBe(6);
  }
});
