import { expect, test } from 'vitest';
import {
  AUTH_USAGE,
  CLIENT_AUTH,
  extension,
  keyNamed,
  makeCa,
  name,
  SIGN_USAGE,
} from '../../test/support/certificates.ts';
import {
  contentTypeAttribute,
  messageDigestAttribute,
  signingCertificateAttribute,
} from '../../test/support/messages.ts';
import {
  type Change,
  CONTENT,
  ca,
  codesOf,
  detached,
  OTHER,
  options,
  readDetached,
  verify,
} from '../../test/support/verification.ts';
import { NULL, objectIdentifier, sequence } from '../der/writer.ts';
import { anchorFromCertificate } from '../trust/anchor.ts';
import { FINDINGS } from '../trust/verdict.ts';
import { type Verdict, verifySignedData } from './verify.ts';

/** What is wrong, the findings in order, and the status. */
const CASES: readonly (readonly [string, readonly string[], Verdict['status'], Change])[] = [
  ['a changed document', ['CONTENT_CHANGED'], 'invalid', { signer: { content: OTHER } }],
  [
    'another content type than was signed',
    ['CONTENT_CHANGED'],
    'invalid',
    { message: { contentType: '1.2.3' } },
  ],
  [
    'a document given beside the attached one, and another',
    ['CONTENT_CHANGED'],
    'invalid',
    { options: { content: OTHER } },
  ],
  ['no document', ['CONTENT_MISSING'], 'indeterminate', { message: detached }],
  ['a signature by another key', ['SIGNATURE_WRONG'], 'invalid', { signer: { key: keyNamed('other') } }],
  [
    'a document and a signature that are both wrong',
    ['CONTENT_CHANGED', 'SIGNATURE_WRONG'],
    'invalid',
    { signer: { key: keyNamed('other'), content: OTHER } },
  ],
  [
    'no certificate of the signer',
    ['SIGNER_CERTIFICATE_MISSING'],
    'indeterminate',
    { message: { certificates: [ca] } },
  ],
  [
    'no certificate of the signer, and another document',
    ['CONTENT_CHANGED', 'SIGNER_CERTIFICATE_MISSING'],
    'invalid',
    { message: { certificates: [], content: OTHER } },
  ],
  [
    'a certificate that cannot be read',
    ['CERTIFICATE_MALFORMED'],
    'invalid',
    { message: { certificates: [sequence(NULL)] } },
  ],
  [
    'a certificate whose keyUsage cannot be read',
    ['CERTIFICATE_MALFORMED'],
    'invalid',
    { holder: { extensions: [extension('2.5.29.15', NULL)] } },
  ],
  [
    'a certificate other than the one referred to',
    ['SIGNER_CERTIFICATE_SWAPPED'],
    'invalid',
    { signer: { attributes: referring(new Uint8Array(32)) } },
  ],
  [
    'a reference by a hash that is not known',
    ['ALGORITHM_NOT_ACCEPTED'],
    'indeterminate',
    { signer: { attributes: referring(new Uint8Array(32), sequence(objectIdentifier('1.2.3'))) } },
  ],
  ['no signed attributes', ['SIGNED_ATTRIBUTES_MISSING'], 'indeterminate', { signer: { attributes: null } }],
  [
    'signed attributes without digest',
    ['SIGNED_ATTRIBUTES_MISSING'],
    'indeterminate',
    { signer: { attributes: [contentTypeAttribute()] } },
  ],
  [
    'signed attributes without content type',
    ['SIGNED_ATTRIBUTES_MISSING'],
    'indeterminate',
    { signer: { attributes: [messageDigestAttribute(CONTENT)] } },
  ],
  ['SHA-1', ['ALGORITHM_NOT_ACCEPTED'], 'indeterminate', { signer: { hash: 'sha1' } }],
  [
    'SHA-1 over another document',
    ['ALGORITHM_NOT_ACCEPTED', 'CONTENT_CHANGED'],
    'invalid',
    { signer: { hash: 'sha1', content: OTHER } },
  ],
  [
    'a hash that is not known',
    ['ALGORITHM_NOT_ACCEPTED'],
    'indeterminate',
    { signer: { digestAlgorithm: sequence(objectIdentifier('1.2.3')) } },
  ],
  [
    'RSA-PSS',
    ['ALGORITHM_NOT_ACCEPTED'],
    'indeterminate',
    {
      signer: {
        pss: true,
        signatureAlgorithm: sequence(objectIdentifier('1.2.840.113549.1.1.10'), sequence()),
      },
    },
  ],
  ['RSA-PSS passed off as PKCS#1 v1.5', ['SIGNATURE_WRONG'], 'invalid', { signer: { pss: true } }],
  [
    'an unknown CA',
    ['CA_UNKNOWN'],
    'indeterminate',
    { holder: { issuer: name(['CN', 'Stranger']), issuerKey: keyNamed('other') } },
  ],
  [
    'a CA of the right name and another key',
    ['CA_KEY_MISMATCH'],
    'indeterminate',
    { holder: { issuerKey: keyNamed('other') } },
  ],
  [
    'an expired certificate',
    ['CERTIFICATE_EXPIRED'],
    'indeterminate',
    { holder: { notAfter: new Date('2026-05-31T23:59:59Z') } },
  ],
  [
    'a certificate of the future',
    ['CERTIFICATE_NOT_YET_VALID'],
    'indeterminate',
    { holder: { notBefore: new Date('2026-06-02T00:00:00Z') } },
  ],
  [
    'an expired CA',
    ['CA_EXPIRED'],
    'indeterminate',
    {
      options: {
        trust: [
          anchorFromCertificate(makeCa(keyNamed('ca'), { notAfter: new Date('2026-01-01T00:00:00Z') })),
        ],
      },
    },
  ],
  [
    'a login certificate passed off as a signing one',
    ['CERTIFICATE_PURPOSE_WRONG'],
    'indeterminate',
    { holder: { extensions: [AUTH_USAGE, CLIENT_AUTH] } },
  ],
  [
    'a signing certificate passed off as a login one',
    ['CERTIFICATE_PURPOSE_WRONG'],
    'indeterminate',
    { options: { purpose: 'auth' } },
  ],
  [
    'a critical extension that is not understood',
    ['CERTIFICATE_EXTENSION_UNKNOWN'],
    'indeterminate',
    { holder: { extensions: [SIGN_USAGE, extension('1.2.3', NULL, true)] } },
  ],
  ['a certificate by SHA-1', ['ALGORITHM_NOT_ACCEPTED'], 'indeterminate', { holder: { hash: 'sha1' } }],
  [
    'a certificate and a signature by SHA-1, told once',
    ['ALGORITHM_NOT_ACCEPTED'],
    'indeterminate',
    { holder: { hash: 'sha1' }, signer: { hash: 'sha1' } },
  ],
  [
    'a key that is too small',
    ['ALGORITHM_NOT_ACCEPTED'],
    'indeterminate',
    { holder: { key: keyNamed('small', 1024) }, signer: { key: keyNamed('small', 1024) } },
  ],
  ['no signer', ['FORMAT_INVALID'], 'invalid', { message: { signerInfos: [] } }],
];

function referring(digest: Uint8Array, algorithm?: Uint8Array): Uint8Array[] {
  return [
    contentTypeAttribute(),
    messageDigestAttribute(CONTENT),
    signingCertificateAttribute(digest, algorithm),
  ];
}

test.each(CASES)('%s: %s, %s', (_, codes, status, change) => {
  const message = change.message === detached ? { message: { ...detached } } : {};
  const verdict =
    change.message === detached
      ? verifySignedData(readDetached(), options)
      : verify({ ...change, ...message });
  expect([codesOf(verdict), verdict.status]).toEqual([codes, status]);
});

test('every finding there is was produced above', () => {
  const produced = new Set(CASES.flatMap(([, codes]) => codes));
  expect([...produced].sort()).toEqual(Object.keys(FINDINGS).sort());
});
