import assert from 'node:assert/strict';
import { constants, verify } from 'node:crypto';
import { JpkiApplication, readCardOverview, readCounters } from '@jpki/applets';
import { readCertificate } from '@jpki/core';
import { buildSignedData, readSignedData, verifySignedData } from '@jpki/core/cms';
import { assertCaCertificate, assertCertificate, assertSignature, DIGEST, DOCUMENT } from './expectations.ts';
import type { CardUser, Scenario } from './scenario.ts';

/** A card that proved both: files by short identifiers, and long answers. */
export const ECONOMY = { shortIds: true, extendedLe: true } as const;

/** Reads and checks the certificate for user authentication. */
export async function readAuthCertificate(user: CardUser): Promise<Uint8Array> {
  const der = await new JpkiApplication(user.card).auth.certificate();
  assertCertificate(user, 'auth', der);
  return der;
}

/** Signs with the key for user authentication and checks what came. */
export async function authenticate(user: CardUser, certificate?: Uint8Array): Promise<void> {
  const pin = user.secrets.auth();
  const options = { pin, ...(certificate && { certificate }) };
  await new JpkiApplication(user.card).auth.withSigner(options, async (signer) => {
    const signature = await signer.sign('sha256', DIGEST);
    assertCertificate(user, 'auth', signer.certificate);
    assertSignature(signer.certificate, signature);
  });
}

async function authenticateKnown(user: CardUser): Promise<void> {
  user.heading('read the certificate once');
  const certificate = await readAuthCertificate(user);
  user.heading('authenticate');
  await authenticate(user, certificate);
}

/** Signs a document, as often as said, with one PIN. */
export async function signDocuments(user: CardUser, count = 1): Promise<void> {
  await new JpkiApplication(user.card).sign.withSigner({ pin: user.secrets.sign() }, async (signer) => {
    assertCertificate(user, 'sign', signer.certificate);
    for (let done = 0; done < count; done++)
      assertSignature(signer.certificate, await signer.sign('sha256', DIGEST));
  });
}

/** Signs to a CMS message, at the time that the card's circumstances tell. */
async function signMessage(user: CardUser): Promise<void> {
  const { card, secrets, pki, at } = user;
  const signingTime = card.circumstances.now();
  const message = await new JpkiApplication(card).sign.withSigner({ pin: secrets.sign() }, (signer) =>
    buildSignedData(DOCUMENT, [signer], { signingTime }),
  );
  const options = { trust: pki.trust, at, revocation: 'off' } as const;
  assert.equal(verifySignedData(readSignedData(message), options).status, 'valid');
}

async function signPss({ card, secrets }: CardUser): Promise<void> {
  await new JpkiApplication(card).auth.withSigner({ pin: secrets.auth() }, async (signer) => {
    const signature = await signer.signWith('pss-message', DOCUMENT);
    const key = readCertificate(signer.certificate).publicKey;
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    assert.ok(verify('sha256', DOCUMENT, { key, ...padding }, signature));
  });
}

/** The card's own schemes; each answer is checked by the signer. */
async function signOwnSchemes({ card, secrets, heading }: CardUser): Promise<void> {
  await new JpkiApplication(card).auth.withSigner({ pin: secrets.auth() }, async (signer) => {
    for (const scheme of ['bare-digest-of-message', 'message'] as const) {
      heading(`the scheme ${scheme}`);
      await signer.signWith(scheme, DOCUMENT);
    }
    for (const scheme of ['digest', 'pss-digest'] as const) {
      heading(`the scheme ${scheme}`);
      await signer.signWith(scheme, DIGEST);
    }
  });
}

/** What a person sees who is asked for the PIN: first the counter, then again before the PIN is sent. */
async function authenticateAsked({ card, secrets, heading }: CardUser): Promise<void> {
  const pin = async ({ triesLeft, maxTries }: { triesLeft: number; maxTries: number }) => {
    assert.deepEqual([triesLeft, maxTries], [3, 3]);
    heading('the person has typed the PIN');
    return secrets.auth();
  };
  await new JpkiApplication(card).auth.withSigner({ pin }, async (signer) =>
    assertSignature(signer.certificate, await signer.sign('sha256', DIGEST)),
  );
}

async function readAllCounters({ card }: CardUser): Promise<void> {
  const names = ['sign', 'auth', 'text', 'text.number-a', 'text.number-b'] as const;
  const others = ['visual.birth', 'visual.number-a', 'visual.number-b', 'resident', 'common'] as const;
  const counters = await readCounters(card, [...names, ...others]);
  assert.deepEqual(counters, {
    ...{ sign: 5, auth: 3, text: 3, 'text.number-a': 10, 'text.number-b': 10 },
    ...{ 'visual.birth': 10, 'visual.number-a': 10, 'visual.number-b': 10, resident: 3, common: 3 },
  });
}

/** Every operation of the 公的個人認証AP, and what is asked of the card as a whole. */
export const JPKI_SCENARIOS: readonly Scenario[] = [
  {
    file: 'token',
    title: 'what kind of card it is: the token label',
    run: async ({ card }) => {
      const token = await new JpkiApplication(card).token();
      assert.deepEqual(token, { label: 'JPKIAPICCTOKEN2', kind: 'individual-number-card' });
    },
  },
  {
    file: 'availability',
    title: 'which certificates are there',
    run: async ({ card }) =>
      assert.deepEqual(await new JpkiApplication(card).availability(), { sign: true, auth: true }),
  },
  {
    file: 'tries-left',
    title: 'tries left of both PINs of the JPKI application',
    run: async ({ card }) =>
      assert.deepEqual(await new JpkiApplication(card).triesLeft(), { sign: 5, auth: 3 }),
  },
  {
    file: 'tries-left-of-one-key',
    title: 'tries left of the PIN for user authentication',
    run: async ({ card }) => assert.equal(await new JpkiApplication(card).auth.triesLeft(), 3),
  },
  { file: 'tries-left-everywhere', title: 'every counter of the card', run: readAllCounters },
  {
    file: 'overview',
    title: 'what the card is, its certificates, the tries left of the four PINs',
    run: async ({ card }) => {
      const { kind, certificates, triesLeft } = await readCardOverview(card);
      assert.equal(kind, 'individual-number-card');
      assert.deepEqual(certificates, { sign: true, auth: true });
      assert.deepEqual(triesLeft, { sign: 5, auth: 3, text: 3, resident: 3 });
    },
  },
  { file: 'auth-certificate', title: 'the certificate for user authentication', run: readAuthCertificate },
  {
    file: 'auth-certificate-short-ids',
    title: 'the certificate for user authentication, by its short file identifier',
    card: { shortIds: true },
    run: readAuthCertificate,
  },
  {
    file: 'auth-certificate-extended',
    title: 'the certificate for user authentication, in one long answer',
    card: { extendedLe: true },
    run: readAuthCertificate,
  },
  {
    file: 'auth-certificate-economical',
    title: 'the certificate for user authentication, by its short file identifier and in one long answer',
    card: ECONOMY,
    run: readAuthCertificate,
  },
  {
    file: 'auth-ca-certificate',
    title: 'the certificate of the CA for user authentication',
    run: async (user) =>
      assertCaCertificate(user, 'auth', await new JpkiApplication(user.card).auth.caCertificate()),
  },
  {
    file: 'sign-ca-certificate',
    title: 'the certificate of the CA for digital signatures',
    run: async (user) =>
      assertCaCertificate(user, 'sign', await new JpkiApplication(user.card).sign.caCertificate()),
  },
  {
    file: 'sign-certificate',
    title: 'the certificate for digital signatures, with its password',
    run: async (user) => {
      const { sign } = new JpkiApplication(user.card);
      assertCertificate(user, 'sign', await sign.certificate({ pin: user.secrets.sign() }));
    },
  },
  { file: 'authenticate', title: 'authenticate, PKCS#1 v1.5', run: (user) => authenticate(user) },
  {
    file: 'authenticate-certificate-known',
    title: 'authenticate with a certificate that was read before',
    run: authenticateKnown,
  },
  {
    file: 'authenticate-economical',
    title: 'authenticate with a certificate that was read before, by short file identifiers',
    card: ECONOMY,
    run: authenticateKnown,
  },
  {
    file: 'authenticate-asked',
    title: 'authenticate with a PIN that a person types',
    run: authenticateAsked,
  },
  { file: 'sign-pss', title: 'a signature with PSS padding', run: signPss },
  { file: 'sign-own-schemes', title: "the card's own signature schemes", run: signOwnSchemes },
  { file: 'sign-document', title: 'sign a document', run: (user) => signDocuments(user) },
  {
    file: 'sign-document-economical',
    title: 'sign a document, by short file identifiers and long answers',
    card: ECONOMY,
    run: (user) => signDocuments(user),
  },
  {
    file: 'sign-two-documents',
    title: 'sign two documents with one password',
    run: (user) => signDocuments(user, 2),
  },
  { file: 'sign-message', title: 'sign a document to a CMS message, with the time', run: signMessage },
];
