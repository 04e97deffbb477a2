import assert from 'node:assert/strict';
import { type CardOverview, JpkiApplication, readCardOverview } from '@jpki/applets';
import { assertCertificate, assertSignature, DIGEST } from './expectations.ts';
import { authenticate, readAuthCertificate } from './golden-jpki.ts';
import { readAttributes, readCardRecord } from './golden-records.ts';
import type { CardUser, Scenario } from './scenario.ts';

type Expected = Pick<CardOverview, 'kind' | 'certificates' | 'triesLeft'>;

const NONE = { sign: undefined, auth: undefined, text: undefined, resident: undefined } as const;

const overview =
  (expected: Expected) =>
  async ({ card }: CardUser): Promise<void> => {
    const { kind, certificates, triesLeft } = await readCardOverview(card);
    assert.deepEqual({ kind, certificates, triesLeft: { ...NONE, ...triesLeft } }, expected);
  };

const PLASTIC = 'individual-number-card';

async function phoneCertificate(user: CardUser): Promise<void> {
  const pin = user.secrets.auth();
  assertCertificate(user, 'auth', await new JpkiApplication(user.card).auth.certificate({ pin }));
}

async function expiredCertificates(user: CardUser): Promise<void> {
  const { auth, sign } = new JpkiApplication(user.card);
  assertCertificate(user, 'auth', await auth.certificate(), ['CERTIFICATE_EXPIRED']);
  await sign.withSigner({ pin: user.secrets.sign() }, async (signer) => {
    assertCertificate(user, 'sign', signer.certificate, ['CERTIFICATE_EXPIRED']);
    assertSignature(signer.certificate, await signer.sign('sha256', DIGEST));
  });
}

/** What differs from card to card. */
export const CARD_SCENARIOS: readonly Scenario[] = [
  {
    file: 'child-overview',
    title: 'a card of a child: no certificate for digital signatures',
    persona: 'child',
    run: overview({
      kind: PLASTIC,
      certificates: { sign: false, auth: true },
      triesLeft: { ...NONE, auth: 3, text: 3, resident: 3 },
    }),
  },
  {
    file: 'child-authenticate',
    title: 'a child authenticates',
    persona: 'child',
    run: (user) => authenticate(user),
  },
  {
    file: 'no-certificates-overview',
    title: 'a card without certificates',
    persona: 'no-certificates',
    run: overview({
      kind: PLASTIC,
      certificates: { sign: false, auth: false },
      triesLeft: { ...NONE, text: 3, resident: 3 },
    }),
  },
  {
    file: 'foreign-resident',
    title: 'a foreign resident: attributes, and the card ends with the period of stay',
    persona: 'foreign-resident',
    run: async (user) => {
      await readAttributes(user);
      await readCardRecord(user);
      await readAuthCertificate(user);
    },
  },
  {
    file: 'expired',
    title: 'expired certificates: the card signs all the same',
    persona: 'expired',
    run: expiredCertificates,
  },
  {
    file: 'phone-android-overview',
    title: 'an Android phone',
    persona: 'phone-android',
    run: overview({
      kind: 'phone-android',
      certificates: { sign: true, auth: true },
      triesLeft: { ...NONE, sign: 5, auth: 3 },
    }),
  },
  {
    file: 'phone-android-certificate',
    title: 'an Android phone wants the PIN for the certificate',
    persona: 'phone-android',
    run: phoneCertificate,
  },
  {
    file: 'phone-iphone-overview',
    title: 'an iPhone: nothing but its token file is known',
    persona: 'phone-iphone',
    run: overview({ kind: 'phone-iphone', certificates: { sign: false, auth: false }, triesLeft: NONE }),
  },
  {
    file: 'juki-overview',
    title: 'an old card of the resident register (住基カード)',
    persona: 'juki',
    run: overview({ kind: 'juki-card', certificates: { sign: false, auth: false }, triesLeft: NONE }),
  },
  {
    file: 'face-auth-overview',
    title: 'a card without PINs (顔認証マイナンバーカード)',
    persona: 'face-auth',
    run: overview({ kind: PLASTIC, certificates: { sign: false, auth: true }, triesLeft: NONE }),
  },
  {
    file: 'blocked-overview',
    title: 'a card with all four PINs blocked',
    persona: 'blocked',
    run: overview({
      kind: PLASTIC,
      certificates: { sign: true, auth: true },
      triesLeft: { sign: 0, auth: 0, text: 0, resident: 0 },
    }),
  },
];
