import { createPublicKey, type KeyObject } from 'node:crypto';
import { DerReader } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';
import type { HashName } from '../digest-info.ts';
import { CertificateFormatError } from '../errors.ts';
import { isSignatureBy } from '../rsa.ts';

/** The RSAPublicKey of a certificate (RFC 8017, A.1.1), within bounds. */
export class RsaPublicKey {
  /** PKCS#1 form: importing it costs a fortieth of importing the SPKI. */
  readonly #der: { readonly key: Buffer; readonly format: 'der'; readonly type: 'pkcs1' };
  /** Length of the modulus, and of every signature, in bytes. */
  readonly #length: number;
  #imported: KeyObject | undefined;
  #wasUsed = false;

  /**
   * @param pkcs1 the RSAPublicKey, DER.
   * @throws {CertificateFormatError} when it is malformed, or not of 2,048 to 8,192 bits with an odd exponent from 3
   * on and below 2^32.
   */
  constructor(pkcs1: Uint8Array) {
    this.#length = Math.ceil(modulusBits(pkcs1) / 8);
    this.#der = { key: Buffer.from(pkcs1), format: 'der', type: 'pkcs1' };
  }

  /** The key as node:crypto has it; imported once. @throws {CertificateFormatError} when OpenSSL does not take it. */
  get keyObject(): KeyObject {
    try {
      this.#imported ??= createPublicKey(this.#der);
      return this.#imported;
    } catch (error) {
      throw new CertificateFormatError('the RSA key of the certificate cannot be read', error);
    }
  }

  /**
   * Whether `signature` is RSASSA-PKCS1-v1_5 by this key over a message with this digest. Most certificates are met
   * once, and for one signature OpenSSL takes the key as it stands: what a KeyObject costs the collector is a tenth
   * of the verification. From the second signature on the key is imported.
   */
  verifies(hash: HashName, digest: Uint8Array, signature: Uint8Array): boolean {
    const isKept = this.#wasUsed || this.#imported !== undefined;
    const key = isKept ? { key: this.keyObject } : this.#der;
    this.#wasUsed = true;
    return isSignatureBy(key, this.#length, hash, digest, signature);
  }
}

/** Bits of the modulus, of a key within the bounds against resource bombs and toy keys (security.md T28). */
function modulusBits(pkcs1: Uint8Array): number {
  const outer = new DerReader(pkcs1);
  const fields = outer.expect(Tag.SEQUENCE).enter();
  outer.finish();
  const bits = bitLength(fields.integer());
  const exponent = fields.integer();
  fields.finish();
  const odd = ((exponent[exponent.length - 1] as number) & 1) === 1;
  const exponentBits = bitLength(exponent);
  if (bits < 2048 || bits > 8192 || exponentBits < 2 || exponentBits > 32 || !odd)
    throw new CertificateFormatError('RSA key out of bounds');
  return bits;
}

/** Bits of a positive INTEGER from its contents; 0 for zero and for a negative one. */
function bitLength(contents: Uint8Array): number {
  const [first = 0, second = 0] = contents;
  if (first > 0x7f) return 0;
  return first === 0
    ? (contents.length - 1) * 8 - (Math.clz32(second) - 24)
    : contents.length * 8 - (Math.clz32(first) - 24);
}
