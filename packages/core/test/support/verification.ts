import { readSignedData, type SignedData } from '../../src/cms/signed-data.ts';
import { type Verdict, type VerifyOptions, verifySignedData } from '../../src/cms/verify.ts';
import { anchorFromCertificate } from '../../src/trust/anchor.ts';
import { type CertificateFields, keyNamed, makeCa, makeHolder } from './certificates.ts';
import { type MessageFields, makeMessage, makeSignerInfo, type SignerFields } from './messages.ts';

/** One valid message and everything about it that a test may change. */

export const CONTENT = Buffer.from('the document');
export const OTHER = Buffer.from('another document');
export const key = keyNamed('signer');
export const certificate: Uint8Array = makeHolder(key);
export const ca: Uint8Array = makeCa(keyNamed('ca'));
export const options = {
  trust: [anchorFromCertificate(ca)],
  at: new Date('2026-06-01T00:00:00Z'),
  revocation: 'off',
} as const satisfies VerifyOptions;

/** A valid attached message by one signer, but for what is said otherwise. */
export interface Change {
  readonly holder?: Partial<CertificateFields>;
  readonly signer?: Partial<SignerFields>;
  readonly message?: Partial<MessageFields>;
  readonly options?: Partial<VerifyOptions>;
}

export function verify(change: Change = {}): Verdict {
  const der = makeHolder(key, change.holder);
  const signer = makeSignerInfo({ key, certificate: der, content: CONTENT, ...change.signer });
  const message = makeMessage({
    signerInfos: [signer],
    certificates: [der],
    content: CONTENT,
    ...change.message,
  });
  return verifySignedData(readSignedData(message), { ...options, ...change.options });
}

/** Every finding of a verdict, in order. */
export const codesOf = (verdict: Verdict): string[] =>
  [...verdict.findings, ...verdict.signatures.flatMap(({ findings }) => findings)].map(({ code }) => code);

/** Fields of the same message without the document. */
export const detached = {
  signerInfos: [makeSignerInfo({ key, certificate, content: CONTENT })],
  certificates: [certificate],
};
export const readDetached = (): SignedData => readSignedData(makeMessage(detached));
