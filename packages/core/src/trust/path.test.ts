import { describe, expect, test } from 'vitest';
import {
  AUTH_USAGE,
  BASIC_CONSTRAINTS_CA,
  type CertificateFields,
  CLIENT_AUTH,
  extension,
  keyNamed,
  keyUsage,
  makeCa,
  makeHolder,
  name,
  policies,
  SIGN_USAGE,
} from '../../test/support/certificates.ts';
import { NULL, objectIdentifier, sequence } from '../der/writer.ts';
import { Oid } from '../oids.ts';
import { readCertificate } from '../x509/certificate.ts';
import {
  type AnchorOrigin,
  anchorFromCertificate,
  type Hierarchy,
  type Purpose,
  type Trust,
} from './anchor.ts';
import { productionAnchors, testAnchors } from './jpki-anchors.ts';
import { checkPath, type PathOptions } from './path.ts';

const AT = Date.UTC(2026, 0, 1);
const ca = makeCa(keyNamed('ca'));
/** Another key under the very same name. */
const sameName = makeCa(keyNamed('other'), { notBefore: new Date('2026-01-01T00:00:00Z') });
const trust = [anchorFromCertificate(ca)];

function codes(fields: Partial<CertificateFields>, options: Partial<PathOptions> = {}): string[] {
  const certificate = readCertificate(makeHolder(keyNamed('signer'), fields));
  return checkPath(certificate, { trust, purpose: 'sign', at: AT, ...options }).findings.map(
    ({ code }) => code,
  );
}

describe('the issuer', () => {
  test('is the anchor that signed', () => {
    const result = checkPath(readCertificate(makeHolder(keyNamed('signer'))), {
      trust,
      purpose: 'sign',
      at: AT,
    });
    expect(result).toEqual({ findings: [], anchor: trust[0] });
  });

  test('is unknown where no anchor has its name', () => {
    expect(codes({ issuer: name(['CN', 'Stranger']) })).toEqual(['CA_UNKNOWN']);
    expect(codes({}, { trust: [] })).toEqual(['CA_UNKNOWN']);
    expect(codes({}, { trust: productionAnchors() })).toEqual(['CA_UNKNOWN']);
  });

  test('has a name that proves nothing: another key is told apart', () => {
    expect(codes({}, { trust: [anchorFromCertificate(sameName)] })).toEqual(['CA_KEY_MISMATCH']);
  });

  test('is found by its signature among CAs of one name, in whatever order they stand', () => {
    const [right, wrong] = [anchorFromCertificate(ca), anchorFromCertificate(sameName)];
    for (const both of [
      [right, wrong],
      [wrong, right],
    ]) {
      const certificate = readCertificate(makeHolder(keyNamed('signer')));
      expect(checkPath(certificate, { trust: both, purpose: 'sign', at: AT }).anchor).toBe(right);
    }
  });

  test('with another algorithm than RSA is not accepted', () => {
    const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
    expect(codes({ algorithm })).toEqual(['ALGORITHM_NOT_ACCEPTED']);
  });

  test('that signed with SHA-1 is not accepted', () => {
    expect(codes({ hash: 'sha1' })).toEqual(['ALGORITHM_NOT_ACCEPTED']);
  });

  test.each(['sha384', 'sha512'] as const)('that signed with %s is', (hash) => {
    expect(codes({ hash })).toEqual([]);
  });

  test('is never a holder, even one that a trusted CA certified', () => {
    const middle = makeHolder(keyNamed('middle'), { subject: name(['CN', 'Middle']) });
    const fields = { issuer: name(['CN', 'Middle']), issuerKey: keyNamed('middle') };
    expect(codes(fields, { candidates: [readCertificate(middle)] })).toEqual(['CA_UNKNOWN']);
  });

  test('is asked of the memory where there is one', () => {
    expect(codes({}, { isIssuedBy: () => false })).toEqual(['CA_KEY_MISMATCH']);
  });
});

describe('a pinned CA', () => {
  const pin = { kind: 'pin', hierarchy: 'custom', fingerprint: readCertificate(ca).fingerprint() } as const;

  test('serves when its certificate is at hand', () => {
    const candidates = [readCertificate(sameName), readCertificate(ca)];
    expect(codes({}, { trust: [pin], candidates })).toEqual([]);
  });

  test('is unknown when it is not, whatever else the message brings', () => {
    expect(codes({}, { trust: [pin] })).toEqual(['CA_UNKNOWN']);
    expect(codes({}, { trust: [pin], candidates: [readCertificate(sameName)] })).toEqual(['CA_UNKNOWN']);
    expect(codes({}, { trust: testAnchors(), candidates: [readCertificate(ca)] })).toEqual(['CA_UNKNOWN']);
  });

  test('keeps what the caller said of it', () => {
    expect(codes({}, { trust: [{ ...pin, purpose: 'auth' }], candidates: [readCertificate(ca)] })).toEqual([
      'CERTIFICATE_PURPOSE_WRONG',
    ]);
  });
});

describe('time', () => {
  const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

  test('a certificate that is not yet or no longer valid is told', () => {
    expect(codes({ notBefore: new Date(AT + 1000) })).toEqual(['CERTIFICATE_NOT_YET_VALID']);
    expect(codes({ notAfter: new Date(AT - 1000) })).toEqual(['CERTIFICATE_EXPIRED']);
    expect(codes({ notBefore: new Date(AT), notAfter: new Date(AT) })).toEqual([]);
  });

  test('a CA outside its validity is told', () => {
    const short = anchorFromCertificate(
      makeCa(keyNamed('ca'), { notAfter: new Date('2025-06-01T00:00:00Z') }),
    );
    expect(codes({}, { trust: [short] })).toEqual(['CA_EXPIRED']);
    const later = anchorFromCertificate(
      makeCa(keyNamed('ca'), { notBefore: new Date('2027-01-01T00:00:00Z') }),
    );
    expect(codes({}, { trust: [later] })).toEqual(['CA_EXPIRED']);
  });

  test('everything is judged at the moment given', () => {
    expect(codes({}, { at: day('2024-12-31') })).toEqual(['CERTIFICATE_NOT_YET_VALID', 'CA_EXPIRED']);
    expect(codes({}, { at: day('2035-01-02') })).toEqual(['CERTIFICATE_EXPIRED', 'CA_EXPIRED']);
  });

  test('a moment that is no date is refused, not taken for a good one', () => {
    expect(() => codes({}, { at: Number.NaN })).toThrow(RangeError);
  });
});

describe('purpose', () => {
  const WRONG = ['CERTIFICATE_PURPOSE_WRONG'];

  test.each<[string, Purpose, readonly Uint8Array[], string[]]>([
    ['a signing certificate signs', 'sign', [SIGN_USAGE], []],
    ['a signing certificate does not log in', 'auth', [SIGN_USAGE], WRONG],
    ['a login certificate logs in', 'auth', [AUTH_USAGE, CLIENT_AUTH], []],
    ['a login certificate does not sign', 'sign', [AUTH_USAGE, CLIENT_AUTH], WRONG],
    ['both usages with clientAuth do not sign', 'sign', [SIGN_USAGE, CLIENT_AUTH], WRONG],
    ['no usage signs nothing', 'sign', [], WRONG],
    ['no usage logs nobody in', 'auth', [CLIENT_AUTH], WRONG],
    ['an encryption certificate signs nothing', 'sign', [keyUsage(0x20)], WRONG],
    ['a CA signs no documents', 'sign', [SIGN_USAGE, BASIC_CONSTRAINTS_CA], WRONG],
    ['a CA does not log in', 'auth', [AUTH_USAGE, CLIENT_AUTH, BASIC_CONSTRAINTS_CA], WRONG],
  ])('%s', (_, purpose, extensions, expected) => {
    expect(codes({ extensions }, { purpose })).toEqual(expected);
  });

  const anchored = (hierarchy: Hierarchy, purpose: Purpose): Trust => {
    const origin: AnchorOrigin = { hierarchy, purpose };
    return [anchorFromCertificate(ca, origin)];
  };

  test.each<[Hierarchy, Purpose, string, string]>([
    ['production', 'sign', Oid.jpkiSignPolicy, Oid.jpkiSignTestPolicy],
    ['production', 'auth', Oid.jpkiAuthPolicy, Oid.jpkiAuthTestPolicy],
    ['test', 'sign', Oid.jpkiSignTestPolicy, Oid.jpkiSignPolicy],
    ['test', 'auth', Oid.jpkiAuthTestPolicy, Oid.jpkiAuthPolicy],
    ['simulator', 'sign', Oid.jpkiSignTestPolicy, Oid.jpkiSignPolicy],
  ])('under a %s CA for %s the policy must be its own', (hierarchy, purpose, right, wrong) => {
    const base = purpose === 'sign' ? [SIGN_USAGE] : [AUTH_USAGE, CLIENT_AUTH];
    const options = { trust: anchored(hierarchy, purpose), purpose };
    expect(codes({ extensions: [...base, policies(right)] }, options)).toEqual([]);
    expect(codes({ extensions: [...base, policies('1.2.3', right)] }, options)).toEqual([]);
    expect(codes({ extensions: [...base, policies(wrong)] }, options)).toEqual(WRONG);
    expect(codes({ extensions: base }, options)).toEqual(WRONG);
  });

  test('an anchor for one purpose serves no other', () => {
    expect(codes({}, { trust: anchored('custom', 'auth') })).toEqual(WRONG);
    expect(codes({}, { trust: anchored('custom', 'sign') })).toEqual([]);
  });
});

describe('extensions', () => {
  test('a critical one that is not understood is told', () => {
    const extensions = [SIGN_USAGE, extension('2.5.29.30', sequence(), true)];
    expect(codes({ extensions })).toEqual(['CERTIFICATE_EXTENSION_UNKNOWN']);
  });

  test('one that decides and is no DER makes the certificate malformed, with the other findings beside it', () => {
    const extensions = [extension('2.5.29.15', NULL, true)];
    expect(codes({ extensions })).toEqual(['CERTIFICATE_MALFORMED']);
    expect(codes({ extensions, notAfter: new Date(AT - 1000) })).toEqual([
      'CERTIFICATE_EXPIRED',
      'CERTIFICATE_MALFORMED',
    ]);
  });
});
