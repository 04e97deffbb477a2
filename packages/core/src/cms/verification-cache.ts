import type { TrustAnchor } from '../trust/anchor.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';

interface Entry {
  readonly certificate: Certificate;
  /** Hex fingerprints of the anchors whose signature on the certificate was found right. */
  readonly issuers: Set<string>;
}

/** Largest certificate kept, in bytes: larger ones are none of JPKI's, and a stranger could fill the memory with them. */
const MAX_KEPT_LENGTH = 8192;

/**
 * Remembers certificates that were met before, by all their bytes: the parsed form, the imported key, and which
 * anchors signed them. Time, purpose and revocation are judged anew on every use. Bounded; the certificate that
 * was not met for longest goes first. Use one per set of trust anchors for as long as the process lives.
 */
export class VerificationCache {
  readonly #entries = new Map<string, Entry>();
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
    const id = Buffer.from(anchor.fingerprint).toString('latin1');
    if (issuers.has(id)) return true;
    if (!certificate.isSignedBy(anchor.publicKey)) return false;
    issuers.add(id);
    return true;
  }

  #entry(der: Uint8Array): Entry {
    const key = Buffer.from(der.buffer, der.byteOffset, der.length).toString('latin1');
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    // A copy of its own: a view would keep the whole message alive.
    const entry = { certificate: readCertificate(new Uint8Array(der)), issuers: new Set<string>() };
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
