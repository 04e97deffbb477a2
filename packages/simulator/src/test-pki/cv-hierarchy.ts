import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import {
  cardVerifiableCertificate,
  certificateOfCardLevel,
  type KeyName,
  keyId,
  modulusOf,
} from './card-verifiable.ts';
import type { KeyEntry, KeyStore } from './key-store.ts';

/** Which card-verifiable hierarchy: of the card (MF), of the 券面事項確認AP or of the 券面事項入力補助AP. */
export type CvApplication = 'card' | 'visual' | 'text';

/** A CA key of card-verifiable certificates, in the shape of an entry of `cv-anchors.json`. */
export interface SimulatorCvAnchor {
  /** 16 bytes, hex. */
  readonly keyId: string;
  readonly name: string;
  readonly hierarchy: 'simulator';
  readonly application: string;
  /** RSA-2048, hex. */
  readonly modulus: string;
  /** Hex. */
  readonly exponent: '010001';
  /** SHA-256 of the modulus, hex. */
  readonly sha256: string;
}

/** A key that signs records, and the certificate that a CA of the hierarchy gave it. */
export interface CvSigner {
  /** As EF 0004 has it. */
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
}

/** The two certificates at card level (card-protocol.md 1.4). */
export interface CardLevelChain {
  /** GET DATA 0042: the CA. We took the issuer of 00F8 for it; its meaning is not told. */
  readonly root: Uint8Array;
  /** GET DATA 00F7: identifier of the key that signs the lower certificate. */
  readonly intermediate: Uint8Array;
  /** GET DATA 00F8. */
  readonly upper: Uint8Array;
  /** GET DATA 7F21. */
  readonly lower: Uint8Array;
}

/**
 * The CAs. Where production has 5 and the test hierarchy 6 in front (card-protocol.md 4.4), these have 9, which no CA of
 * card certificates is known to have; keys of terminals, which are no CAs of cards, are called 92….
 */
const AUTHORITIES: Readonly<Record<CvApplication, { name: KeyName; application: string }>> = {
  card: { name: { number: '9000020', suffix: '001', lastByte: 0xa8 }, application: 'MF' },
  visual: { name: { number: '9000023', suffix: '001' }, application: '券面事項確認AP' },
  text: { name: { number: '9000033', suffix: '001' }, application: '券面入力補助AP' },
};

/** All hierarchies there can be. */
export const CV_APPLICATIONS: readonly CvApplication[] = ['card', 'visual', 'text'];

/** The two digits that follow the municipality code in the name of a signer (card-protocol.md 4.4). */
const SIGNER_DIGITS: Readonly<Record<CvApplication, string>> = { card: '30', visual: '21', text: '31' };

/** Subject of the lower certificate at card level; `0000050/001`, last byte 40, on the test card (card-protocol.md 1.4). */
const CARD_LEVEL_SUBJECT: KeyName = { number: '9000050', suffix: '001', lastByte: 0x40 };

/** Changes when a certificate below is written otherwise, so that stored ones are written again. */
const PROFILE = 'cv-1';

/** Looks an entry up once for all who ask. */
export type Once = (name: string, obtain: (name: string) => Promise<KeyEntry>) => Promise<KeyEntry>;

/** Keys and certificates that cards verify. Everything is made when first asked for, and stays. */
export class CvHierarchy {
  readonly #store: KeyStore;
  readonly #once: Once;

  constructor(store: KeyStore, once: Once) {
    this.#store = store;
    this.#once = once;
  }

  /** A key without certificate, such as the card's own. */
  async key(name: string): Promise<KeyObject> {
    return privateKeyOf(await this.#entry(name, PROFILE, () => new Uint8Array()));
  }

  /** The CA of a hierarchy; made when there is none. */
  async anchor(application: CvApplication): Promise<SimulatorCvAnchor> {
    return anchorOf(application, await this.key(authorityEntry(application)));
  }

  /** The CAs there are; makes none. */
  async anchors(): Promise<SimulatorCvAnchor[]> {
    const found: SimulatorCvAnchor[] = [];
    for (const application of CV_APPLICATIONS) {
      const entry = await this.#store.read(authorityEntry(application));
      if (entry !== undefined) found.push(anchorOf(application, privateKeyOf(entry)));
    }
    return found;
  }

  /** The key that signs the records of one municipality (市区町村コード, 5 digits). */
  async signer(application: 'visual' | 'text', municipality: string): Promise<CvSigner> {
    const issuerKey = await this.key(authorityEntry(application));
    const issuer = AUTHORITIES[application].name;
    const subject = { number: municipality + SIGNER_DIGITS[application], suffix: '000' };
    const entry = await this.#certified(`cv-${application}-${municipality}`, issuerKey, (key) =>
      cardVerifiableCertificate({ issuer, subject, key }, issuerKey),
    );
    return { certificate: entry.certificate, privateKey: privateKeyOf(entry) };
  }

  /** The chain at card level: the CA, the municipality's key, and a key whose use is not known (card-protocol.md 1.4). */
  async cardLevelChain(municipality: string): Promise<CardLevelChain> {
    const root = AUTHORITIES.card.name;
    const rootKey = await this.key(authorityEntry('card'));
    const subject = { number: municipality + SIGNER_DIGITS.card, suffix: '002', lastByte: 0x98 };
    const upper = await this.#certified(`cv-card-${municipality}`, rootKey, (key) =>
      certificateOfCardLevel({ issuer: root, subject, key }, rootKey),
    );
    const upperKey = privateKeyOf(upper);
    const lower = await this.#certified(`cv-card-${municipality}-lower`, upperKey, (key) =>
      certificateOfCardLevel({ issuer: subject, subject: CARD_LEVEL_SUBJECT, key }, upperKey),
    );
    return {
      root: keyId(root),
      intermediate: keyId(subject),
      upper: upper.certificate,
      lower: lower.certificate,
    };
  }

  /** An entry whose certificate is written again when its issuer has another key. */
  #certified(name: string, issuerKey: KeyObject, certify: Certify): Promise<KeyEntry> {
    return this.#entry(name, `${PROFILE} under ${fingerprintOf(modulusOf(issuerKey))}`, certify);
  }

  #entry(name: string, profile: string, certify: Certify): Promise<KeyEntry> {
    return this.#once(name, () =>
      this.#store.obtain(
        name,
        (stored) => stored.profile === profile,
        // These have no dates.
        (key) => ({ certificate: certify(key), notBefore: 0, notAfter: 0, profile }),
      ),
    );
  }
}

type Certify = (key: KeyObject) => Uint8Array;

function authorityEntry(application: CvApplication): string {
  return `cv-ca-${application}`;
}

function privateKeyOf({ privateKey }: KeyEntry): KeyObject {
  return createPrivateKey(privateKey);
}

function anchorOf(application: CvApplication, key: KeyObject): SimulatorCvAnchor {
  const { name, application: japaneseName } = AUTHORITIES[application];
  const modulus = modulusOf(key);
  return {
    keyId: keyId(name).toString('hex'),
    name: `SIMULATOR ${name.number}`,
    hierarchy: 'simulator',
    application: japaneseName,
    modulus: modulus.toString('hex'),
    exponent: '010001',
    sha256: fingerprintOf(modulus),
  };
}

function fingerprintOf(modulus: Uint8Array): string {
  return createHash('sha256').update(modulus).digest('hex');
}
