import { anchorFromCertificate } from '@jpki/core/trust';
import { type CardChannel, fromHex } from '@jpki/iso7816';
import { openSimulatorPki, openVirtualCard, type PersonaName } from '@jpki/simulator';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { checkCard } from './card-checks.ts';

let pki: Awaited<ReturnType<typeof openSimulatorPki>>;
beforeAll(async () => {
  pki = await openSimulatorPki({ folder: inject('simulatorKeys') });
});

const { signal } = new AbortController();

/** What is found on a persona's card, some days from now, and what was sent to it. */
async function diagnose(persona: PersonaName, { days = 0, known = true } = {}) {
  const card = await openVirtualCard({ persona, pki });
  const trust = async () =>
    known
      ? (await pki.anchors()).map(({ certificate, kind, generation }) =>
          anchorFromCertificate(certificate, { hierarchy: 'simulator', purpose: kind, generation }),
        )
      : [];
  const now = new Date(Date.now() + days * 86_400_000);
  const findings = await checkCard(card, 'R', { trust, now, signal });
  expect(card.verifyCount).toBe(0);
  return findings;
}

const codes = async (...args: Parameters<typeof diagnose>) =>
  (await diagnose(...args)).map(({ code }) => code);

describe('a card', () => {
  it('of an adult has nothing wrong', async () => {
    const found = await diagnose('adult');
    expect(found.map(({ severity }) => severity)).not.toContain('problem');
    expect(found.map(({ code }) => code)).toEqual([
      'CARD',
      'CARD_VALID',
      'APPLICATIONS',
      'AUTH_CERTIFICATE',
      'SIGN_CERTIFICATE',
      'CA_GENERATION',
      ...Array(4).fill('PIN_TRIES'),
    ]);
    expect(found.find(({ code }) => code === 'CA_GENERATION')?.facts).toEqual({
      subject: '3',
      name: 'simulator',
    });
  });

  it('is to be renewed in the months before its end, and ends', async () => {
    const card = await diagnose('adult');
    const end = card.find(({ code }) => code === 'AUTH_CERTIFICATE')?.facts.subject ?? '';
    const days = Math.round((Date.parse(`${end}T12:00:00+09:00`) - Date.now()) / 86_400_000);
    expect(await codes('adult', { days: days - 30 })).toContain('AUTH_CERTIFICATE_RENEWABLE');
    expect(await codes('adult', { days: days + 1 })).toContain('AUTH_CERTIFICATE_EXPIRED');
    expect(await codes('adult', { days: 3650 })).toContain('CARD_EXPIRED');
  });

  it.each<[PersonaName, string]>([
    ['expired', 'AUTH_CERTIFICATE_EXPIRED'],
    ['generation-2', 'CA_GENERATION'],
    ['child', 'SIGN_CERTIFICATE_ABSENT'],
    ['no-certificates', 'AUTH_CERTIFICATE_ABSENT'],
    ['blocked', 'PIN_BLOCKED'],
    ['juki', 'CARD_JUKI'],
    ['phone-android', 'AUTH_CERTIFICATE_HIDDEN'],
  ])('%s: %s', async (persona, code) => {
    expect(await codes(persona)).toContain(code);
  });

  it('of an unknown CA is told so', async () => {
    expect(await codes('adult', { known: false })).toContain('CA_UNKNOWN');
  });

  it('without PINs has no counters', async () => {
    expect(await codes('face-auth')).not.toContain('PIN_TRIES');
  });

  it('with few tries left is a warning', async () => {
    const card = await openVirtualCard({ persona: 'adult', pki });
    const wrong = [0x38, 0x37, 0x36, 0x35];
    const jpki = [0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
    await card.transmit(Uint8Array.of(0, 0xa4, 4, 0x0c, jpki.length, ...jpki));
    await card.transmit(Uint8Array.of(0, 0xa4, 2, 0x0c, 2, 0, 0x18));
    await card.transmit(Uint8Array.of(0, 0x20, 0, 0x80, 4, ...wrong));
    const found = await checkCard(card, 'R', { trust: async () => [], now: new Date(), signal });
    expect(found).toContainEqual({
      code: 'PIN_TRIES_LOW',
      severity: 'warning',
      facts: { name: 'auth', left: 2, max: 3 },
    });
  });
});

describe('a card of another kind', () => {
  const answering = (answer: string): CardChannel => ({
    atr: Uint8Array.of(0x3b, 0x00),
    transmit: async () => fromHex(answer),
    [Symbol.asyncDispose]: async () => undefined,
  });
  const standards = { trust: async () => [], now: new Date(), signal };

  it.each(['6A82', '6A81', '6A86', '6700', '6881', '6B00', '6D00', '6E00'])(
    '(one that answers SELECT with %s) is no card with a bad contact',
    async (sw) => {
      const found = await checkCard(answering(sw), 'R', standards);
      expect(found.map(({ code }) => code)).toEqual(['CARD_OTHER']);
    },
  );

  it.each(['6F00', '6982'])('(%s) is not concluded from what any card may say', async (sw) => {
    await expect(checkCard(answering(sw), 'R', standards)).rejects.toMatchObject({
      code: 'ERR_CARD_STATUS_WORD',
    });
  });
});
