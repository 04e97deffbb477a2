import type { KeyObject } from 'node:crypto';
import { OidTable, standsOn } from '../der/oid-table.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, contextPrimitive, Tag } from '../der/tags.ts';
import { digestOf, type HashName } from '../digest-info.ts';
import { CertificateFormatError, DerError } from '../errors.ts';
import { Oid, RSA_SIGNATURE_ALGORITHMS } from '../oids.ts';
import { verifyRsaDigest } from '../rsa.ts';
import { readAlgorithm } from './algorithm.ts';
import { Extensions } from './extensions.ts';
import { type HolderAttributes, holderAttributes, NO_ATTRIBUTES } from './holder-attributes.ts';
import { nameAttributes, readName } from './name.ts';
import { RsaPublicKey } from './rsa-public-key.ts';
import { readTime } from './time.ts';

/** Largest certificate taken, in bytes; a 署名用 certificate has about 1,760. */
const MAX_CERTIFICATE_LENGTH = 65_536;

const PUBLIC_KEY_ALGORITHMS = new OidTable([[Oid.rsaEncryption, 'rsa']]);

/**
 * An X.509 certificate (RFC 5280), read without copying: fields are views on `der`, and text, keys and dates are
 * decoded when asked for. Reading one checks its form, not whether it can be trusted.
 */
export class Certificate {
  /** The whole certificate, DER. */
  readonly der: Uint8Array;
  /** What the issuer signed. */
  readonly tbs: Uint8Array;
  /** Contents of the serialNumber INTEGER. */
  readonly serialNumber: Uint8Array;
  /** Issuer Name, DER; compare it as bytes. */
  readonly issuer: Uint8Array;
  /** Subject Name, DER. */
  readonly subject: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  readonly extensions: Extensions;
  /** Hash of the issuer's PKCS#1 v1.5 signature, or `undefined` for another algorithm. */
  readonly signatureHash: HashName | undefined;
  readonly signature: Uint8Array;
  readonly #rsaPublicKey: Uint8Array | undefined;
  #publicKey: RsaPublicKey | undefined;
  #fingerprint: Uint8Array | undefined;

  /** @throws {CertificateFormatError} when `der` is not exactly one certificate in DER. */
  constructor(der: Uint8Array) {
    if (der.length > MAX_CERTIFICATE_LENGTH) throw new CertificateFormatError('the certificate is too large');
    const outer = new DerReader(der);
    const certificate = outer.expect(Tag.SEQUENCE).enter();
    outer.finish();
    const tbs = certificate.expect(Tag.SEQUENCE).enter();
    this.der = der;
    this.tbs = certificate.encoded;
    readVersion(tbs);
    this.serialNumber = tbs.integer();
    const algorithm = tbs.expect(Tag.SEQUENCE).contents;
    this.issuer = readName(tbs);
    const validity = tbs.expect(Tag.SEQUENCE).enter();
    this.notBefore = readTime(validity);
    this.notAfter = readTime(validity);
    validity.finish();
    this.subject = readName(tbs);
    this.#rsaPublicKey = rsaPublicKey(tbs.expect(Tag.SEQUENCE).enter());
    // issuerUniqueID and subjectUniqueID: meaningless for long, but not wrong (RFC 5280, 4.1.2.8).
    tbs.optional(contextPrimitive(1));
    tbs.optional(contextPrimitive(2));
    this.extensions = tbs.optional(contextConstructed(3)) ? Extensions.read(tbs.enter()) : new Extensions();
    tbs.finish();
    this.signatureHash = readAlgorithm(certificate, RSA_SIGNATURE_ALGORITHMS);
    if (!standsOn(certificate, algorithm)) {
      throw new CertificateFormatError('the two signature algorithms of the certificate differ');
    }
    this.signature = certificate.octetAlignedBits();
    certificate.finish();
  }

  /**
   * The RSA public key, imported on first use.
   *
   * @throws {CertificateFormatError} when the key is not RSA of 2,048 to 8,192 bits with an odd exponent from 3 on
   * and below 2^32.
   */
  get publicKey(): KeyObject {
    return this.#key().keyObject;
  }

  /**
   * Whether the key of this certificate made `signature`, RSASSA-PKCS1-v1_5, over a message with this digest.
   *
   * @throws {CertificateFormatError} as `publicKey` does.
   */
  hasSigned(hash: HashName, digest: Uint8Array, signature: Uint8Array): boolean {
    return this.#key().verifies(hash, digest, signature);
  }

  #key(): RsaPublicKey {
    this.#publicKey ??= readRsaPublicKey(this.#rsaPublicKey);
    return this.#publicKey;
  }

  /** Whether `key` made the issuer's signature on this certificate. */
  isSignedBy(key: KeyObject): boolean {
    const hash = this.signatureHash;
    return hash !== undefined && verifyRsaDigest(key, hash, digestOf(hash, this.tbs), this.signature);
  }

  /** Whether `time` (milliseconds since the epoch) lies within the validity. */
  isValidAt(time: number): boolean {
    return time >= this.notBefore && time <= this.notAfter;
  }

  /** SHA-256 of the certificate, 32 bytes. */
  fingerprint(): Uint8Array {
    this.#fingerprint ??= digestOf('sha256', this.der);
    return this.#fingerprint;
  }

  /** The serial number as upper-case hex without leading zeros, as certificates are spoken of. */
  get serialNumberText(): string {
    const hex = Buffer.from(this.serialNumber).toString('hex').toUpperCase();
    return hex.replace(/^0+(?=.)/, '');
  }

  /** The last CN of the subject, or `undefined`. */
  get commonName(): string | undefined {
    return nameAttributes(this.subject).findLast((attribute) => attribute.type === 'CN')?.value;
  }

  /** The holder's 基本4情報; all `undefined` in every certificate but a 署名用 one. Personal data. */
  holderAttributes(): HolderAttributes {
    const names = this.extensions.get('subjectAltName');
    return names === undefined ? NO_ATTRIBUTES : holderAttributes(names);
  }
}

/** Reads a certificate. @throws {CertificateFormatError} when `der` is not exactly one certificate in DER. */
export function readCertificate(der: Uint8Array): Certificate {
  try {
    return new Certificate(der);
  } catch (error) {
    if (error instanceof DerError) throw new CertificateFormatError('this is no certificate in DER', error);
    throw error;
  }
}

/** The version field. Without extensions (v1) a certificate could not say what it is for. */
function readVersion(tbs: DerReader): void {
  if (tbs.optional(contextConstructed(0))) {
    const field = tbs.enter();
    const version = field.smallInteger();
    field.finish();
    if (version === 2) return;
  }
  throw new CertificateFormatError('only X.509 v3 certificates are taken');
}

/** The RSAPublicKey inside a SubjectPublicKeyInfo (RFC 3279, 2.3.1), or `undefined` for another kind of key. */
function rsaPublicKey(spki: DerReader): Uint8Array | undefined {
  const algorithm = readAlgorithm(spki, PUBLIC_KEY_ALGORITHMS);
  const key = spki.octetAlignedBits();
  spki.finish();
  return algorithm === 'rsa' ? key : undefined;
}

function readRsaPublicKey(pkcs1: Uint8Array | undefined): RsaPublicKey {
  if (pkcs1 === undefined) throw new CertificateFormatError('the key of the certificate is not RSA');
  try {
    return new RsaPublicKey(pkcs1);
  } catch (error) {
    if (error instanceof CertificateFormatError) throw error;
    throw new CertificateFormatError('the RSA key of the certificate cannot be read', error);
  }
}
