import { OidTable } from '../der/oid-table.ts';
import { type DerReader, equalBytes } from '../der/reader.ts';
import { contextConstructed, contextPrimitive, Tag } from '../der/tags.ts';
import type { HashName } from '../digest-info.ts';
import { CmsFormatError, CoreError } from '../errors.ts';
import { Oid } from '../oids.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readTime } from '../x509/time.ts';
import { isRsaSignature, readDigestAlgorithm } from './algorithms.ts';

/** Most attributes of one signer. */
const MAX_ATTRIBUTES = 64;

const ATTRIBUTES = new OidTable<keyof SignedAttributes>([
  [Oid.contentType, 'contentType'],
  [Oid.messageDigest, 'messageDigest'],
  [Oid.signingTime, 'signingTime'],
  [Oid.signingCertificateV2, 'signingCertificate'],
]);

/** The signed attributes that decide, RFC 5652, 11 and RFC 5035. */
export interface SignedAttributes {
  /** Contents of the content-type object identifier. */
  contentType?: Uint8Array;
  messageDigest?: Uint8Array;
  /** Claimed by the signer, proven by nobody. Milliseconds since the epoch. */
  signingTime?: number;
  /** The first ESSCertIDv2: hash of the signer's certificate; `hash` undefined when it is not SHA-1 or SHA-2. */
  signingCertificate?: { readonly hash: HashName | undefined; readonly digest: Uint8Array };
}

/** One signer of a message (RFC 5652, 5.3), read but not judged. */
export interface SignerInfo {
  /** Hash of the document and of the signed attributes; `undefined` when it is not SHA-1 or SHA-2. */
  readonly hash: HashName | undefined;
  /** Whether the signature algorithm is PKCS#1 v1.5 with that hash. */
  readonly isRsa: boolean;
  /** The signed attributes as they stand in the message, `[0]` tag included; absent if there are none. */
  readonly encodedAttributes: Uint8Array | undefined;
  readonly attributes: SignedAttributes;
  readonly signature: Uint8Array;
  /** Whether a certificate is the one this signer names. */
  names(certificate: Certificate): boolean;
}

/** Reads the contents of a SignerInfo. */
export function readSignerInfo(reader: DerReader): SignerInfo {
  reader.smallInteger();
  const names = readSignerIdentifier(reader);
  const hash = readDigestAlgorithm(reader);
  const signed = reader.optional(contextConstructed(0));
  const encodedAttributes = signed ? reader.encoded : undefined;
  const attributes = signed ? readAttributes(reader.enter()) : {};
  const isRsa = isRsaSignature(reader, hash);
  const signature = reader.expect(Tag.OCTET_STRING).contents;
  reader.optional(contextConstructed(1));
  reader.finish();
  return { hash, isRsa, encodedAttributes, attributes, signature, names };
}

/** SignerIdentifier: issuer and serial number, or `[0]` subject key identifier. */
function readSignerIdentifier(reader: DerReader): SignerInfo['names'] {
  if (reader.optional(contextPrimitive(0))) {
    const wanted = reader.contents;
    return (certificate) => {
      const own = keyIdentifier(certificate);
      return own !== undefined && equalBytes(own, wanted);
    };
  }
  const pair = reader.expect(Tag.SEQUENCE).enter();
  const issuer = pair.expect(Tag.SEQUENCE).encoded;
  const serialNumber = pair.integer();
  pair.finish();
  return (certificate) =>
    equalBytes(certificate.serialNumber, serialNumber) && equalBytes(certificate.issuer, issuer);
}

/** The subject key identifier of a certificate; none where it is malformed, which names nobody. */
function keyIdentifier({ extensions }: Certificate): Uint8Array | undefined {
  try {
    return extensions.subjectKeyIdentifier();
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

/** Reads the attributes; one that decides may stand once only and have one value (RFC 5652, 11). */
function readAttributes(set: DerReader): SignedAttributes {
  const attributes: SignedAttributes = {};
  const attribute = set.enter();
  const values = set.enter();
  for (let count = 0; set.more; count++) {
    if (count === MAX_ATTRIBUTES) throw new CmsFormatError('a signer has too many attributes');
    attribute.enterFrom(set.expect(Tag.SEQUENCE));
    const name = ATTRIBUTES.find(attribute.expect(Tag.OBJECT_IDENTIFIER));
    values.enterFrom(attribute.expect(Tag.SET));
    attribute.finish();
    if (name === undefined) continue;
    if (attributes[name] !== undefined) throw new CmsFormatError(`two ${name} attributes`);
    readAttribute(attributes, name, values);
    values.finish();
  }
  return attributes;
}

function readAttribute(attributes: SignedAttributes, name: keyof SignedAttributes, values: DerReader): void {
  if (name === 'contentType') attributes.contentType = values.expect(Tag.OBJECT_IDENTIFIER).contents;
  else if (name === 'messageDigest') attributes.messageDigest = values.expect(Tag.OCTET_STRING).contents;
  else if (name === 'signingTime') attributes.signingTime = readTime(values);
  else attributes.signingCertificate = readSigningCertificateV2(values);
}

/** The first ESSCertIDv2 of a SigningCertificateV2, which names the signer's certificate (RFC 5035, 4). */
function readSigningCertificateV2(values: DerReader): NonNullable<SignedAttributes['signingCertificate']> {
  const id = values.expect(Tag.SEQUENCE).enter().expect(Tag.SEQUENCE).enter().expect(Tag.SEQUENCE).enter();
  const hash: HashName | undefined = id.peek === Tag.SEQUENCE ? readDigestAlgorithm(id) : 'sha256';
  return { hash, digest: id.expect(Tag.OCTET_STRING).contents };
}
