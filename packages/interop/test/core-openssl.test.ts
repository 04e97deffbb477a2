import { createHash, X509Certificate } from 'node:crypto';
import { type HashName, nameAttributes, readCertificate, softwareSigner } from '@jpki/core';
import {
  buildSignedData,
  bytesSource,
  readSignedData,
  type Verdict,
  type VerifyOptions,
  verifySignedData,
} from '@jpki/core/cms';
import { anchorFromCertificate } from '@jpki/core/trust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpensslIdentity, OpensslPki } from '../src/openssl-pki.ts';
import { commandRequirement } from '../src/requirement.ts';

/** OpenSSL judges what we write, and we judge what OpenSSL writes. */

const DOCUMENT = Buffer.from('報告書\nline two\r\n\u0000 and bytes \u00ff');
let pki: OpensslPki;
let signer: OpensslIdentity;
let second: OpensslIdentity;
let auth: OpensslIdentity;

describe('OpenSSL', commandRequirement('openssl', 'openssl'), () => {
  beforeAll(async () => {
    pki = await OpensslPki.create();
    signer = await pki.holder('signer', 'sign');
    second = await pki.holder('second', 'sign', '-sha512');
    auth = await pki.holder('auth', 'auth');
    pki.write('document', DOCUMENT);
    pki.write('other', Buffer.from('another document'));
  });
  afterAll(() => pki[Symbol.dispose]());

  describe('on our messages', () => {
    /** Exit code of `openssl cms -verify`, which with -cades demands and checks signing-certificate-v2. */
    const verify = (...args: string[]) => {
      const options = ['-inform', 'DER', '-binary', '-CAfile', 'ca.pem', '-purpose', 'any', '-cades'];
      return pki.exitCode('cms', '-verify', ...options, '-in', 'ours.p7m', '-out', 'extracted', ...args);
    };
    const ours = async (
      detached: boolean,
      hash: Exclude<HashName, 'sha1'>,
      ...identities: OpensslIdentity[]
    ) => {
      const signers = identities.map((identity) => softwareSigner(identity));
      pki.write('ours.p7m', await buildSignedData(DOCUMENT, signers, { detached, hash }));
    };

    describe.each(['sha256', 'sha384', 'sha512'] as const)('with %s', (hash) => {
      test('accepts the attached form and takes the very document out', async () => {
        await ours(false, hash, signer);
        expect(await verify()).toBe(0);
        expect(pki.read('extracted')).toEqual(DOCUMENT);
      });

      test('accepts the detached form, and no other document', async () => {
        await ours(true, hash, signer);
        expect(await verify('-content', 'document')).toBe(0);
        expect(await verify('-content', 'other')).not.toBe(0);
      });

      test('accepts several signers', async () => {
        await ours(false, hash, signer, second);
        expect(await verify()).toBe(0);
      });
    });

    test('prints the attributes as they were meant', async () => {
      await ours(true, 'sha256', signer);
      const text = await pki.openssl('cms', '-cmsout', '-print', '-inform', 'DER', '-in', 'ours.p7m');
      for (const attribute of ['contentType', 'messageDigest', 'signingTime', 'signingCertificateV2']) {
        expect(text).toMatch(new RegExp(`object: .*${attribute}`));
      }
      expect(text).toMatch(/signatureAlgorithm:\s+algorithm: rsaEncryption/);
      expect(text).toMatch(/unsignedAttrs:\s+<ABSENT>/);
    });
  });

  describe('messages, judged by us', () => {
    const sign = async (identity: OpensslIdentity, ...args: string[]): Promise<Uint8Array> => {
      const files = ['-in', 'document', '-out', 'theirs.p7m', '-outform', 'DER'];
      const key = ['-signer', identity.certificatePath, '-inkey', identity.keyPath];
      await pki.openssl('cms', '-sign', '-binary', ...files, ...key, ...args);
      return pki.read('theirs.p7m');
    };
    const judge = (message: Uint8Array, options: Partial<VerifyOptions> = {}): Verdict => {
      const trust = [anchorFromCertificate(pki.identity('ca').certificate)];
      return verifySignedData(readSignedData(message), { trust, revocation: 'off', ...options });
    };
    const outcome = ({ status, signatures }: Verdict) => [
      status,
      ...signatures.map(({ findings }) => findings.map(({ code }) => code).join()),
    ];

    test.each<[string, string[], string[]]>([
      ['attached', ['-nodetach'], ['valid', '']],
      ['attached CAdES', ['-nodetach', '-cades'], ['valid', '']],
      ['streamed in BER', ['-nodetach', '-stream'], ['valid', '']],
      ['by key identifier', ['-nodetach', '-keyid'], ['valid', '']],
      ['SHA-512', ['-nodetach', '-md', 'sha512'], ['valid', '']],
      ['SHA-1', ['-nodetach', '-md', 'sha1'], ['indeterminate', 'ALGORITHM_NOT_ACCEPTED']],
      ['SHA-224', ['-nodetach', '-md', 'sha224'], ['indeterminate', 'ALGORITHM_NOT_ACCEPTED']],
      [
        'RSA-PSS',
        ['-nodetach', '-keyopt', 'rsa_padding_mode:pss'],
        ['indeterminate', 'ALGORITHM_NOT_ACCEPTED'],
      ],
      ['no attributes', ['-nodetach', '-noattr'], ['indeterminate', 'SIGNED_ATTRIBUTES_MISSING']],
      ['no certificates', ['-nodetach', '-nocerts'], ['indeterminate', 'SIGNER_CERTIFICATE_MISSING']],
      ['the CA beside it', ['-nodetach', '-certfile', 'ca.pem'], ['valid', '']],
    ])('%s', async (_, args, expected) => {
      expect(outcome(judge(await sign(signer, ...args)))).toEqual(expected);
    });

    test('detached, against the right and the wrong document', async () => {
      for (const extra of [[], ['-cades']]) {
        const message = await sign(signer, ...extra);
        expect(outcome(judge(message, { content: DOCUMENT }))).toEqual(['valid', '']);
        expect(outcome(judge(message, { content: Buffer.from('x') }))).toEqual([
          'invalid',
          'CONTENT_CHANGED',
        ]);
        expect(outcome(judge(message))).toEqual(['indeterminate', 'CONTENT_MISSING']);
      }
    });

    test('is told to be baseline B only where it is', async () => {
      const level = async (...args: string[]) =>
        judge(await sign(signer, '-nodetach', ...args)).signatures[0]?.level;
      expect([await level('-cades'), await level()]).toEqual(['B', undefined]);
    });

    test('a large document in many BER pieces is hashed over all of them', async () => {
      const large = Buffer.alloc(3_000_000, 'large');
      pki.write('large', large);
      const message = await sign(signer, '-nodetach', '-stream', '-in', 'large');
      const read = readSignedData(bytesSource(message));
      expect(read.content?.length).toBeGreaterThan(100);
      expect(outcome(judge(message))).toEqual(['valid', '']);
      const at = Buffer.from(message).lastIndexOf('large');
      message.set(Buffer.from('LARGE'), at);
      expect(outcome(judge(message))).toEqual(['invalid', 'CONTENT_CHANGED']);
    });

    test('with two signers are judged one by one', async () => {
      const both = await sign(
        signer,
        '-nodetach',
        '-signer',
        second.certificatePath,
        '-inkey',
        second.keyPath,
      );
      expect(outcome(judge(both))).toEqual(['valid', '', '']);
      const mixed = await sign(signer, '-nodetach', '-signer', auth.certificatePath, '-inkey', auth.keyPath);
      expect(outcome(judge(mixed)).sort()).toEqual(['', 'CERTIFICATE_PURPOSE_WRONG', 'indeterminate']);
    });

    test('by a login certificate are no document signatures', async () => {
      const message = await sign(auth, '-nodetach');
      expect(outcome(judge(message))).toEqual(['indeterminate', 'CERTIFICATE_PURPOSE_WRONG']);
      expect(outcome(judge(message, { purpose: 'auth' }))).toEqual(['valid', '']);
    });

    test('by nobody we trust are of an unknown CA', async () => {
      const verdict = judge(await sign(signer, '-nodetach'), { trust: [] });
      expect(outcome(verdict)).toEqual(['indeterminate', 'CA_UNKNOWN']);
    });

    test('of other kinds are refused', async () => {
      await pki.openssl(
        'cms',
        '-encrypt',
        '-binary',
        '-in',
        'document',
        '-outform',
        'DER',
        '-out',
        'encrypted',
        signer.certificatePath,
      );
      expect(() => readSignedData(pki.read('encrypted'))).toThrow(
        expect.objectContaining({ code: 'ERR_CMS_FORMAT' }),
      );
    });
  });

  test.each(['ca', 'signer', 'second', 'auth'])(
    'certificate %s is read as node and openssl read it',
    async (name) => {
      const { certificate: der, certificatePath } = pki.identity(name);
      const ours = readCertificate(der);
      const node = new X509Certificate(der);
      const text = await pki.openssl(
        'x509',
        '-in',
        certificatePath,
        '-noout',
        '-serial',
        '-fingerprint',
        '-sha256',
        '-text',
      );
      // Both print whole bytes; we leave the first zero out.
      expect(text).toMatch(new RegExp(`^serial=0?${ours.serialNumberText}$`, 'm'));
      expect(node.serialNumber.replace(/^0/, '')).toBe(ours.serialNumberText);
      const fingerprint = Buffer.from(ours.fingerprint()).toString('hex').toUpperCase();
      expect(node.fingerprint256.replaceAll(':', '')).toBe(fingerprint);
      expect(text.replaceAll(':', '')).toContain(fingerprint);
      expect([ours.notBefore, ours.notAfter]).toEqual([Date.parse(node.validFrom), Date.parse(node.validTo)]);
      const pairs = (name: Uint8Array) =>
        nameAttributes(name)
          .map(({ type, value }) => `${type}=${value}`)
          .join('\n');
      expect([pairs(ours.subject), pairs(ours.issuer)]).toEqual([node.subject, node.issuer]);
      expect(ours.publicKey.equals(node.publicKey)).toBe(true);
      expect(ours.extensions.isCa()).toBe(node.ca);
      expect(text).toContain(`Signature Algorithm: ${ours.signatureHash}WithRSAEncryption`);
      expect(text.replaceAll(/[\s:]/g, '')).toContain(Buffer.from(ours.signature).toString('hex'));
      const keyId = Buffer.from(ours.extensions.subjectKeyIdentifier() ?? [])
        .toString('hex')
        .toUpperCase();
      expect(text.replaceAll(':', '')).toContain(keyId);
      expect(createHash('sha256').update(ours.der).digest('hex').toUpperCase()).toBe(fingerprint);
      expect(ours.isSignedBy(readCertificate(pki.identity('ca').certificate).publicKey)).toBe(true);
    },
  );

  test('usages, policies and the other name of a holder are read as they were asked of openssl', () => {
    const { extensions } = readCertificate(signer.certificate);
    expect([extensions.keyUsage(), extensions.policies()]).toEqual([0xc0, ['1.2.3.4', '1.2.3.5']]);
    expect(readCertificate(signer.certificate).holderAttributes()).toEqual({ name: '見本　花子' });
    const login = readCertificate(auth.certificate).extensions;
    expect([login.keyUsage(), login.extendedKeyUsages()]).toEqual([0x80, ['1.3.6.1.5.5.7.3.2']]);
    const ca = readCertificate(pki.identity('ca').certificate).extensions;
    expect(Buffer.from(extensions.authorityKeyIdentifier() ?? [])).toEqual(
      Buffer.from(ca.subjectKeyIdentifier() ?? []),
    );
  });
});
