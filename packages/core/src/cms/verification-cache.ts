import { equalBytes } from '../der/reader.ts';
import type { TrustAnchor } from '../trust/anchor.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';

interface Entry {
  readonly certificate: Certificate;
  /** Fingerprints of the anchors whose signature on the certificate was found right. */
  readonly issuers: Uint8Array[];
}

/** Largest certificate kept, in bytes: larger ones are none of JPKI's, and a stranger could fill the memory with them. */
const MAX_KEPT_LENGTH = 8192;

/**
 * Remembers certificates that were met before, by all their bytes: the parsed form, the imported key, and which
 * anchors signed them. Time, purpose and revocation are judged anew on every use. Bounded; the certificate that
 * was not met for longest goes first. Use one per set of trust anchors for as long as the process lives.
 */
export class VerificationCache {
  readonly #entries = new Map<number, Entry>();
  readonly #capacity: number;

  /** @param capacity most certificates kept; about 6 KB each. */
  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  /** Reads a certificate, or finds it. @throws {CertificateFormatError} when it is none. */
  certificate(der: Uint8Array): Certificate {
    return this.#entry(der).certificate;
  }

  /** Whether `anchor` signed the certificate; computed once. */
  isIssuedBy(certificate: Certificate, anchor: TrustAnchor): boolean {
    const { issuers } = this.#entry(certificate.der);
    if (issuers.some((fingerprint) => equalBytes(fingerprint, anchor.fingerprint))) return true;
    if (!certificate.isSignedBy(anchor.publicKey)) return false;
    issuers.push(anchor.fingerprint);
    return true;
  }

  #entry(der: Uint8Array): Entry {
    const key = lookupKey(der);
    const known = this.#entries.get(key);
    if (known !== undefined && equalBytes(known.certificate.der, der)) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    // A copy of its own: a view would keep the whole message alive.
    const entry = { certificate: readCertificate(new Uint8Array(der)), issuers: [] };
    if (der.length > MAX_KEPT_LENGTH) return entry;
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#capacity) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    return entry;
  }
}

/**
 * The last six bytes of a certificate as a number: part of the issuer's signature, so different in nearly every one.
 * It finds an entry; whether it is the same certificate, all bytes decide.
 */
function lookupKey(der: Uint8Array): number {
  let key = 0;
  for (let at = Math.max(0, der.length - 6); at < der.length; at++) key = key * 0x100 + (der[at] ?? 0);
  return key;
}
