import { createHash } from 'node:crypto';
import { productionCvAnchors, testCvAnchors } from '@jpki/applets';
import { nameAttributes, readCertificate } from '@jpki/core';
import { productionAnchors, testAnchors } from '@jpki/core/trust';

/** What names of the simulator's CAs and holders say, and no other's (`simulator/src/test-pki/names.ts`). */
const SIMULATOR = 'JPKI-SIMULATOR';

/** Bytes of an RSA modulus that are looked for: enough to be no chance, few enough to be found in a piece of a file. */
const KEY_PIECE = 24;

/** An attribute O of a DN as JPKI writes it: OID 2.5.4.10, UTF8String (card-protocol.md 7.1). */
const organization = (name: string): Buffer =>
  Buffer.concat([
    Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, Buffer.byteLength(name)]),
    Buffer.from(name),
  ]);

/** What stands in certificates of the real CA and of its test CA: in their issuer, and in names they refer to. */
const NAMES: readonly Buffer[] = [
  organization('JPKI'),
  organization('JPKI-TEST'),
  Buffer.from('Japan Agency for Local Authority Information Systems'),
  Buffer.from('地方公共団体情報システム機構'),
];

/** First and last bytes of the modulus of every real CA that is known. */
const KEYS: readonly Buffer[] = realModuli().flatMap((modulus) => [
  modulus.subarray(0, KEY_PIECE),
  modulus.subarray(-KEY_PIECE),
]);

function realModuli(): Buffer[] {
  const certificates = [...productionAnchors(), ...testAnchors()].flatMap((anchor) =>
    anchor.kind === 'key' ? [anchor.publicKey] : [],
  );
  const keys = [
    ...certificates,
    ...[...productionCvAnchors(), ...testCvAnchors()].map((one) => one.publicKey),
  ];
  return keys.map((key) => Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url'));
}

/** SHA-256 of real CA certificates, also of those of which nothing else is known. */
const FINGERPRINTS: ReadonlySet<string> = new Set(
  [...productionAnchors(), ...testAnchors()].map(({ fingerprint }) =>
    Buffer.from(fingerprint).toString('hex'),
  ),
);

/** What of a real CA is in `bytes`: a name, a key, or a certificate that no simulated CA issued. */
export function realAuthorityIn(bytes: Uint8Array): string | undefined {
  const all = Buffer.from(bytes);
  if (NAMES.some((name) => all.includes(name))) return 'a name from a certificate of a real JPKI CA';
  if (KEYS.some((key) => all.includes(key))) return 'the key of a real CA';
  if (certificatesIn(all).some((der) => !isSimulated(der)))
    return 'a certificate of a CA that is not simulated';
  return undefined;
}

/** Every X.509 certificate in the bytes: `30 82 … 30 82` is how one of more than 255 bytes begins. */
function certificatesIn(all: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = all.indexOf('3082', 0, 'hex'); at >= 0; at = all.indexOf('3082', at + 1, 'hex')) {
    if (at + 4 > all.length) break;
    const der = all.subarray(at, at + 4 + all.readUInt16BE(at + 2));
    if (isCertificate(der)) found.push(der);
  }
  return found;
}

function isCertificate(der: Uint8Array): boolean {
  try {
    readCertificate(der);
    return true;
  } catch {
    // Something else that begins alike.
    return false;
  }
}

function isSimulated(der: Uint8Array): boolean {
  const fingerprint = createHash('sha256').update(der).digest('hex');
  const { issuer } = readCertificate(der);
  const says = nameAttributes(issuer).some(({ type, value }) => type === 'O' && value === SIMULATOR);
  return says && !FINGERPRINTS.has(fingerprint);
}
