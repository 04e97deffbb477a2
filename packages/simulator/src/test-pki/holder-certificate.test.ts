import { X509Certificate } from 'node:crypto';
import { type Certificate, nameText, readCertificate } from '@jpki/core';
import { DerReader, Tag } from '@jpki/core/der';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../../test/scratch-folder.ts';
import { personaNamed } from '../personas/index.ts';
import { openSimulatorPki } from './simulator-pki.ts';

const now = new Date('2026-08-20T03:04:05.678Z');
const pki = await openSimulatorPki({ folder: await scratchFolder(), clock: () => now });

/** Extensions as `[critical ]OID hex`, in their order. */
function extensionsOf(der: Uint8Array): { oid: string; critical: boolean; value: string }[] {
  const tbs = new DerReader(readCertificate(der).tbs).expect(Tag.SEQUENCE).enter();
  while (tbs.peek !== 0xa3) tbs.next();
  tbs.next();
  const list = tbs.enter().expect(Tag.SEQUENCE).enter();
  const extensions: { oid: string; critical: boolean; value: string }[] = [];
  while (list.more) {
    const extension = list.expect(Tag.SEQUENCE).enter();
    const oid = Buffer.from(extension.expect(Tag.OBJECT_IDENTIFIER).contents).toString('hex');
    const critical = extension.optional(Tag.BOOLEAN);
    const value = Buffer.from(extension.expect(Tag.OCTET_STRING).contents).toString('hex');
    extensions.push({ oid, critical, value });
  }
  return extensions;
}

/** `551d0f` and so on, with names: content octets of the OIDs of RFC 5280, 4.2. */
const NAMES: Readonly<Record<string, string>> = {
  '551d0e': 'SKI',
  '551d0f': 'KU',
  '551d11': 'SAN',
  '551d12': 'IAN',
  '551d13': 'BC',
  '551d1f': 'CRLDP',
  '551d20': 'CP',
  '551d23': 'AKI',
  '551d25': 'EKU',
  '2b06010505070101': 'AIA',
};

const outline = (der: Uint8Array) =>
  extensionsOf(der).map(({ oid, critical }) => `${NAMES[oid] ?? oid}${critical ? '!' : ''}`);
const extensionValue = (der: Uint8Array, name: string) =>
  extensionsOf(der).find(({ oid }) => NAMES[oid] === name)?.value;

describe('the certificates of the adult', () => {
  let sign: Uint8Array;
  let auth: Uint8Array;
  let signCa: Uint8Array;
  let parsed: Certificate;

  beforeAll(async () => {
    sign = (await pki.holderKey(personaNamed('adult'), 'sign'))?.certificate ?? new Uint8Array();
    auth = (await pki.holderKey(personaNamed('adult'), 'auth'))?.certificate ?? new Uint8Array();
    signCa = await pki.caCertificate('sign');
    parsed = readCertificate(sign);
  });

  test('have the extensions of card-protocol.md 7 in its order, critical where it says so', () => {
    expect(outline(sign)).toEqual(['KU!', 'SAN', 'CP!', 'IAN', 'CRLDP', 'AKI', 'SKI']);
    expect(outline(auth)).toEqual(['KU!', 'EKU', 'CP!', 'IAN', 'CRLDP', 'AIA', 'AKI', 'SKI']);
    expect(outline(signCa)).toEqual(['KU!', 'SAN', 'BC!', 'CRLDP', 'SKI']);
  });

  test('have the very bytes of the fixed extensions', () => {
    expect(extensionValue(sign, 'KU')).toBe('030206c0');
    expect(extensionValue(auth, 'KU')).toBe('03020780');
    expect(extensionValue(signCa, 'KU')).toBe('03020106');
    expect(extensionValue(auth, 'EKU')).toBe('300a06082b06010505070302');
    expect(extensionValue(signCa, 'BC')).toBe('30030101ff');
  });

  test('carry the policies of the test environment, never those of real cards', () => {
    expect(extensionValue(sign, 'CP')).toContain('060b2a83088c9b55080501001430');
    expect(extensionValue(auth, 'CP')).toContain('060b2a83088c9b55080501001e30');
    for (const certificate of [sign, auth]) {
      expect(extensionValue(certificate, 'CP')).not.toMatch(/2a83088c9b550805010[13]/);
    }
  });

  test('are named so that nobody takes them for JPKI', () => {
    expect(nameText(parsed.issuer)).toBe(
      'C=JP, O=JPKI-SIMULATOR, OU=JPKI for digital signature, OU=Simulated for tests, not issued by J-LIS',
    );
    expect(new X509Certificate(signCa).subjectAltName).toContain('DirName:');
    expect(Buffer.from(signCa).toString('utf8')).toContain('公的個人認証サービス（模擬）署名用');
    const ocsp = Buffer.from(extensionValue(auth, 'AIA') ?? '', 'hex').toString('latin1');
    expect(ocsp).toMatch(/http:\/\/[a-z.-]+\.invalid$/);
  });

  test('have subjects of the JPKI shape', () => {
    expect(nameText(parsed.subject)).toMatch(
      /^C=JP, L=Kaku-ken, L=Mogi-shi, CN=20260721030405\d{5}99999003A$/,
    );
    expect(nameText(readCertificate(auth).subject)).toMatch(/^C=JP, CN=\d{6}[A-Z]\d\d[A-Z]{5}99999003A$/);
  });

  test('hold the six attributes in the order of a real card', () => {
    const names = new DerReader(Buffer.from(extensionValue(sign, 'SAN') ?? '', 'hex'))
      .expect(Tag.SEQUENCE)
      .enter();
    const values: [number | undefined, string][] = [];
    while (names.more) {
      names.next();
      const other = names.enter();
      const last = other.expect(Tag.OBJECT_IDENTIFIER).contents.at(-1);
      other.next();
      values.push([last, Buffer.from(other.enter().expect(Tag.UTF8_STRING).contents).toString('utf8')]);
    }
    expect(values).toEqual([
      [1, '模擬　花子'],
      [4, '319850615'],
      [3, '2'],
      [5, '架空県模擬市仮想町１丁目２番３号'],
      [2, '00000'],
      [6, '0000000000000000'],
    ]);
    expect(parsed.holderAttributes()).toMatchObject({ birthDate: '1985-06-15', sex: 'female' });
    expect(readCertificate(auth).holderAttributes()).toEqual({});
  });

  test('are signed by their CA, point at it by key, name and serial number, and live as long as they should', () => {
    const ca = readCertificate(signCa);
    expect(parsed.isSignedBy(ca.publicKey)).toBe(true);
    expect(ca.isSignedBy(ca.publicKey)).toBe(true);
    const serial = Buffer.from(ca.serialNumber).toString('hex');
    expect(extensionValue(sign, 'AKI')?.endsWith(`8204${serial}`)).toBe(true);
    expect(extensionValue(sign, 'AKI')).toContain(`8014${extensionValue(signCa, 'SKI')?.slice(4)}`);
    expect(new Date(parsed.notBefore).toISOString()).toBe('2026-07-21T03:04:05.000Z');
    expect(new Date(parsed.notAfter).toISOString()).toBe('2031-06-15T14:59:59.000Z');
    expect(parsed.publicKey.asymmetricKeyDetails).toMatchObject({
      modulusLength: 2048,
      publicExponent: 65537n,
    });
  });
});
