import { constants, createHash, sign } from 'node:crypto';
import { contextConstructed, Tag } from '../../src/der/tags.ts';
import {
  element,
  integer,
  NULL,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  time,
} from '../../src/der/writer.ts';
import type { HashName } from '../../src/digest-info.ts';
import { hashOid, Oid } from '../../src/oids.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import type { KeyPair } from './certificates.ts';

/** CMS messages for tests, written independently of the library's own encoder: every part can be given. */

export const RSA_ENCRYPTION: Uint8Array = sequence(objectIdentifier(Oid.rsaEncryption), NULL);

export function hashAlgorithm(hash: HashName): Uint8Array {
  return sequence(objectIdentifier(hashOid(hash)), NULL);
}

export function attribute(oid: string, ...values: readonly Uint8Array[]): Uint8Array {
  return sequence(objectIdentifier(oid), element(Tag.SET, ...values));
}

export const contentTypeAttribute = (oid: string = Oid.data): Uint8Array =>
  attribute(Oid.contentType, objectIdentifier(oid));

export const messageDigestAttribute = (content: Uint8Array, hash: HashName = 'sha256'): Uint8Array =>
  attribute(Oid.messageDigest, octetString(createHash(hash).update(content).digest()));

export const signingTimeAttribute = (date: Date): Uint8Array => attribute(Oid.signingTime, time(date));

/** signing-certificate-v2; `algorithm` is the encoded hash AlgorithmIdentifier, absent for SHA-256. */
export function signingCertificateAttribute(digest: Uint8Array, algorithm?: Uint8Array): Uint8Array {
  const id = sequence(...(algorithm === undefined ? [] : [algorithm]), octetString(digest));
  return attribute(Oid.signingCertificateV2, sequence(sequence(id)));
}

export interface SignerFields {
  readonly key: KeyPair;
  readonly certificate: Uint8Array;
  readonly content: Uint8Array;
  readonly hash?: HashName;
  /** Signed attributes; content-type and message-digest unless said otherwise, `null` for none. */
  readonly attributes?: readonly Uint8Array[] | null;
  /** Encoded SignerIdentifier. */
  readonly identifier?: Uint8Array;
  readonly digestAlgorithm?: Uint8Array;
  readonly signatureAlgorithm?: Uint8Array;
  readonly pss?: boolean;
  readonly unsignedAttributes?: readonly Uint8Array[];
}

/** A SignerInfo whose signature is right, whatever it is made of. */
export function makeSignerInfo(fields: SignerFields): Uint8Array {
  const { key, content, hash = 'sha256' } = fields;
  const { issuer, serialNumber } = readCertificate(fields.certificate);
  const attributes =
    fields.attributes === undefined
      ? [contentTypeAttribute(), messageDigestAttribute(content, hash)]
      : fields.attributes;
  const set = attributes === null ? undefined : setOf(...attributes);
  const padding = fields.pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const signature = sign(hash, set ?? content, { key: key.privateKey, padding });
  const unsigned = fields.unsignedAttributes;
  return sequence(
    integer(1),
    fields.identifier ?? sequence(issuer, element(Tag.INTEGER, serialNumber)),
    fields.digestAlgorithm ?? hashAlgorithm(hash),
    ...(set === undefined ? [] : [retagged(set, contextConstructed(0))]),
    fields.signatureAlgorithm ?? RSA_ENCRYPTION,
    octetString(signature),
    ...(unsigned === undefined ? [] : [retagged(setOf(...unsigned), contextConstructed(1))]),
  );
}

/** The same element under another identifier octet. */
export function retagged(encoded: Uint8Array, tag: number): Uint8Array {
  const bytes = new Uint8Array(encoded);
  bytes[0] = tag;
  return bytes;
}

export interface MessageFields {
  readonly signerInfos: readonly Uint8Array[];
  readonly certificates?: readonly Uint8Array[];
  /** The document of the attached form. */
  readonly content?: Uint8Array;
  readonly contentType?: string;
  /** Encoded `[1]` field. */
  readonly crls?: Uint8Array;
}

/** A SignedData in DER. */
export function makeMessage(fields: MessageFields): Uint8Array {
  const { signerInfos, certificates = [], content } = fields;
  const encapsulated = sequence(
    objectIdentifier(fields.contentType ?? Oid.data),
    ...(content === undefined ? [] : [element(contextConstructed(0), octetString(content))]),
  );
  return contentInfo(
    sequence(
      integer(1),
      setOf(hashAlgorithm('sha256')),
      encapsulated,
      ...(certificates.length === 0 ? [] : [element(contextConstructed(0), ...certificates)]),
      ...(fields.crls === undefined ? [] : [fields.crls]),
      element(Tag.SET, ...signerInfos),
    ),
  );
}

export function contentInfo(inside: Uint8Array, type: string = Oid.signedData): Uint8Array {
  return sequence(objectIdentifier(type), element(contextConstructed(0), inside));
}

const END_OF_CONTENTS = Uint8Array.of(0, 0);

/** An element of indefinite length (BER). */
export function indefinite(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag, 0x80), ...parts, END_OF_CONTENTS]);
}

/** The message in BER as streaming signers write it: indefinite lengths, and the document in `pieces`. */
export function makeStreamedMessage(
  fields: Omit<MessageFields, 'content'> & { readonly pieces: readonly Uint8Array[] },
): Uint8Array {
  const octets = indefinite(0x24, ...fields.pieces.map(octetString));
  const encapsulated = indefinite(
    Tag.SEQUENCE,
    objectIdentifier(Oid.data),
    indefinite(contextConstructed(0), octets),
  );
  const signedData = indefinite(
    Tag.SEQUENCE,
    integer(1),
    setOf(hashAlgorithm('sha256')),
    encapsulated,
    element(contextConstructed(0), ...(fields.certificates ?? [])),
    element(Tag.SET, ...fields.signerInfos),
  );
  return indefinite(Tag.SEQUENCE, objectIdentifier(Oid.signedData), indefinite(0xa0, signedData));
}
