import { createPublicKey, type KeyObject } from 'node:crypto';
import { DerReader, equalBytes } from '../der/reader.ts';
import { contextConstructed, Tag } from '../der/tags.ts';
import { digestOf, type HashName } from '../digest-info.ts';
import { CertificateFormatError, DerError } from '../errors.ts';
import { Oid, oidContents, oidKey, RSA_HASH_BY_OID } from '../oids.ts';
import { verifyRsa } from '../rsa.ts';
import { Extensions } from './extensions.ts';
import { type HolderAttributes, holderAttributes } from './holder-attributes.ts';
import { nameAttributes } from './name.ts';
import { readTime } from './time.ts';

/** Largest certificate taken, in bytes; a 署名用 certificate has about 1,760. */
const MAX_CERTIFICATE_LENGTH = 65_536;

const RSA = oidKey(oidContents(Oid.rsaEncryption));

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
  #publicKey: KeyObject | undefined;

  /** @throws {CertificateFormatError} when `der` is not exactly one certificate in DER. */
  constructor(der: Uint8Array) {
    if (der.length > MAX_CERTIFICATE_LENGTH) throw new CertificateFormatError('the certificate is too large');
    const outer = new DerReader(der);
    const certificate = outer.expect(Tag.SEQUENCE).enter();
    outer.finish();
    const tbs = certificate.expect(Tag.SEQUENCE).enter();
    this.der = der;
    this.tbs = certificate.encoded;
    if (tbs.optional(contextConstructed(0)) && tbs.enter().smallInteger() !== 2) {
      throw new CertificateFormatError('only X.509 v3 certificates are taken');
    }
    this.serialNumber = tbs.integer();
    const algorithm = tbs.expect(Tag.SEQUENCE).encoded;
    this.issuer = tbs.expect(Tag.SEQUENCE).encoded;
    const validity = tbs.expect(Tag.SEQUENCE).enter();
    this.notBefore = readTime(validity);
    this.notAfter = readTime(validity);
    validity.finish();
    this.subject = tbs.expect(Tag.SEQUENCE).encoded;
    this.#rsaPublicKey = rsaPublicKey(tbs.expect(Tag.SEQUENCE).enter());
    this.extensions = tbs.optional(contextConstructed(3)) ? Extensions.read(tbs.enter()) : new Extensions();
    tbs.finish();
    const outerAlgorithm = certificate.expect(Tag.SEQUENCE);
    if (!equalBytes(outerAlgorithm.encoded, algorithm)) {
      throw new CertificateFormatError('the two signature algorithms of the certificate differ');
    }
    const oid = outerAlgorithm.enter().expect(Tag.OBJECT_IDENTIFIER).contents;
    this.signatureHash = RSA_HASH_BY_OID.get(oidKey(oid));
    this.signature = certificate.octetAlignedBits();
    certificate.finish();
  }

  /**
   * The RSA public key, imported on first use from its PKCS#1 form, which costs a fortieth of importing the SPKI.
   *
   * @throws {CertificateFormatError} when the key is not RSA of 2,048 to 8,192 bits with an exponent below 2^32.
   */
  get publicKey(): KeyObject {
    this.#publicKey ??= importRsaKey(this.#rsaPublicKey);
    return this.#publicKey;
  }

  /** Whether `key` made the issuer's signature on this certificate. */
  isSignedBy(key: KeyObject): boolean {
    return this.signatureHash !== undefined && verifyRsa(key, this.signatureHash, this.tbs, this.signature);
  }

  /** Whether `time` (milliseconds since the epoch) lies within the validity. */
  isValidAt(time: number): boolean {
    return time >= this.notBefore && time <= this.notAfter;
  }

  /** SHA-256 of the certificate, 32 bytes. */
  fingerprint(): Uint8Array {
    return digestOf('sha256', this.der);
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

  /** The holder's 基本4情報; empty for every certificate but a 署名用 one. Personal data. */
  holderAttributes(): HolderAttributes {
    const names = this.extensions.get('subjectAltName');
    return names === undefined ? {} : holderAttributes(names);
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

/** The RSAPublicKey inside a SubjectPublicKeyInfo (RFC 3279, 2.3.1), or `undefined` for another kind of key. */
function rsaPublicKey(spki: DerReader): Uint8Array | undefined {
  const algorithm = spki.expect(Tag.SEQUENCE).enter().expect(Tag.OBJECT_IDENTIFIER).contents;
  const key = spki.octetAlignedBits();
  spki.finish();
  return oidKey(algorithm) === RSA ? key : undefined;
}

function importRsaKey(pkcs1: Uint8Array | undefined): KeyObject {
  if (pkcs1 === undefined) throw new CertificateFormatError('the key of the certificate is not RSA');
  try {
    const fields = new DerReader(pkcs1).expect(Tag.SEQUENCE).enter();
    const modulus = fields.integer();
    const exponent = fields.integer();
    const bits = (modulus.length - (modulus[0] === 0 ? 1 : 0)) * 8;
    const odd = ((exponent[exponent.length - 1] as number) & 1) === 1;
    // Bounds against resource bombs and toy keys (security.md T28).
    if (bits < 2048 || bits > 8192 || exponent.length > 4 || !odd)
      throw new CertificateFormatError('RSA key out of bounds');
    return createPublicKey({ key: Buffer.from(pkcs1), format: 'der', type: 'pkcs1' });
  } catch (error) {
    if (error instanceof CertificateFormatError) throw error;
    throw new CertificateFormatError('the RSA key of the certificate cannot be read', error);
  }
}
