import { objectIdentifier, printableString, sequence, setOf, utf8String } from '@jpki/core/der';
import type { CertificateKind } from '../persona.ts';

/** Attribute types (ITU-T X.520; RFC 4519, 2). */
const ATTRIBUTE_TYPES = { C: '2.5.4.6', L: '2.5.4.7', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const;

type Attribute = readonly [type: keyof typeof ATTRIBUTE_TYPES, value: string];

/** A Name as JPKI writes it: one attribute per RDN, C a PrintableString, the rest UTF8String (card-protocol.md 7.1). */
export function distinguishedName(attributes: readonly Attribute[]): Uint8Array {
  return sequence(
    ...attributes.map(([type, value]) =>
      setOf(
        sequence(
          objectIdentifier(ATTRIBUTE_TYPES[type]),
          type === 'C' ? printableString(value) : utf8String(value),
        ),
      ),
    ),
  );
}

/** Real names say `JPKI` or `JPKI-TEST` here: nobody shall take a simulated certificate for one of those. */
const ORGANIZATION = 'JPKI-SIMULATOR';

const PURPOSE: Readonly<Record<CertificateKind, string>> = {
  sign: 'JPKI for digital signature',
  auth: 'JPKI for user authentication',
};

const PURPOSE_JA: Readonly<Record<CertificateKind, string>> = {
  sign: '公的個人認証サービス（模擬）署名用',
  auth: '公的個人認証サービス（模擬）利用者証明用',
};

/** Name of a CA, in the shape of card-protocol.md 7.1; the last OU names J-LIS on real ones. */
export function caName(kind: CertificateKind): Uint8Array {
  return distinguishedName([
    ['C', 'JP'],
    ['O', ORGANIZATION],
    ['OU', PURPOSE[kind]],
    ['OU', 'Simulated for tests, not issued by J-LIS'],
  ]);
}

/** Japanese name of a CA: its subjectAltName, and the issuerAltName of what it issues (card-protocol.md 7.1, 7.2). */
export function caJapaneseName(kind: CertificateKind): Uint8Array {
  return distinguishedName([
    ['C', 'JP'],
    ['O', '公的個人認証サービス（模擬）'],
    ['OU', PURPOSE_JA[kind]],
    ['OU', '模擬認証局（実在しません）'],
  ]);
}

/** Directory name of the CRL that lists the holders of one municipality (card-protocol.md 7.2). */
export function crlName(kind: CertificateKind, prefecture: string, municipality: string): Uint8Array {
  return distinguishedName([
    ['C', 'JP'],
    ['O', ORGANIZATION],
    ['OU', PURPOSE[kind]],
    ['OU', 'CRL Distribution Points'],
    ['OU', prefecture],
    ['CN', `${municipality} CRLDP`],
  ]);
}
