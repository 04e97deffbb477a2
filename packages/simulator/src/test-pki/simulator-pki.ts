import { createPrivateKey, type KeyObject } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readCertificate } from '@jpki/core';
import { daysBefore } from '../calendar/day.ts';
import type { CertificateKind, Generation, Persona } from '../persona.ts';
import type {
  CardLevelChain,
  CvApplication,
  CvHierarchy,
  CvSigner,
  SimulatorCvAnchor,
} from './cv-hierarchy.ts';
import type { HolderRequest } from './holder-certificate.ts';
import { type KeyEntry, KeyStore } from './key-store.ts';
import type { Revocation } from './revocation-list.ts';

/** Which test PKI, and what day it is there. */
export interface SimulatorPkiOptions {
  /** Where the keys lie. Default: `$JPKI_SIM_PKI`, else `$XDG_CACHE_HOME/jpki/sim-v1`, else `~/.cache/jpki/sim-v1`. */
  readonly folder?: string;
  /** What time it is; certificates are issued relative to it. */
  readonly clock?: () => Date;
}

/** A key of a persona with its certificate and the one of its CA. */
export interface HolderKey {
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER. */
  readonly caCertificate: Uint8Array;
  /** RSA-2048. */
  readonly privateKey: KeyObject;
}

/** What a card's own key is for: `80 2A` of an application, session keys, or INTERNAL AUTHENTICATE of the 共通カードAP. */
export type CardKeyUse = 'text-signing' | 'text-delivery' | 'visual-signing' | 'common-authentication';

/** A CA of the test PKI, for `--trust simulator`. */
export interface SimulatorAnchor {
  /** For people: `simulator sign CA, generation 3`. */
  readonly name: string;
  readonly kind: CertificateKind;
  readonly generation: Generation;
  /** DER. */
  readonly certificate: Uint8Array;
}

const KINDS: readonly CertificateKind[] = ['sign', 'auth'];
const GENERATIONS: readonly Generation[] = [1, 2, 3];

/**
 * The CAs and the cardholders' keys of one user. Keys are made when first asked for and stay; certificates are
 * issued again when they are no longer what they should be today (a year later the `adult` would be expired).
 */
export class SimulatorPki {
  readonly #store: KeyStore;
  readonly #clock: () => Date;
  readonly #known = new Map<string, Promise<KeyEntry>>();
  #cvHierarchy: Promise<CvHierarchy> | undefined;

  constructor(store: KeyStore, clock: () => Date) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Absolute path of the folder. */
  get folder(): string {
    return this.#store.folder;
  }

  /** What time it is in this PKI. */
  now(): Date {
    return this.#clock();
  }

  /**
   * Makes sure, before a card is used, that keys can be kept. Makes no key.
   *
   * @throws {SimulatorPkiError} `ERR_SIM_PKI_FOLDER` when the folder cannot be made or written.
   */
  prepare(): Promise<void> {
    return this.#store.prepare();
  }

  /** The self-signed certificate of a CA, DER; made when there is none. @throws {SimulatorPkiError} */
  async caCertificate(kind: CertificateKind, generation: Generation = 3): Promise<Uint8Array> {
    return (await this.#ca(kind, generation)).certificate;
  }

  /**
   * The key and the certificates of a persona; made when there are none.
   *
   * @returns `undefined` when the persona has no certificate of that kind. @throws {SimulatorPkiError}
   */
  async holderKey(persona: Persona, kind: CertificateKind): Promise<HolderKey | undefined> {
    const issuance = persona.certificates[kind];
    if (issuance === undefined) return undefined;
    const ca = await this.#ca(kind, issuance.generation);
    const entry = await this.#once(`${persona.name}-${kind}`, async (name) => {
      const { holderServes, issueHolder } = await import('./holder-certificate.ts');
      const { cardDates } = await import('../card-dates.ts');
      const now = this.#clock();
      const stayEnds = persona.card.life.stayEnds && cardDates(persona, now).expiry;
      const request: HolderRequest = { kind, holder: persona.holder, issuance, stayEnds, ca, now };
      return this.#store.obtain(name, (stored) => holderServes(stored, request), issueHolder(request));
    });
    return {
      certificate: entry.certificate,
      caCertificate: ca.certificate,
      privateKey: createPrivateKey(entry.privateKey),
    };
  }

  /** The CAs there are, of every generation; makes none. Nothing they signed: an empty list. @throws {SimulatorPkiError} */
  async anchors(): Promise<SimulatorAnchor[]> {
    const present = new Set(await this.#store.names());
    const anchors: SimulatorAnchor[] = [];
    for (const kind of KINDS) {
      for (const generation of GENERATIONS) {
        if (!present.has(caEntryName(kind, generation))) continue;
        const entry = await this.#store.read(caEntryName(kind, generation));
        if (entry === undefined) continue;
        const name = `simulator ${kind} CA, generation ${generation}`;
        anchors.push({ name, kind, generation, certificate: entry.certificate });
      }
    }
    return anchors;
  }

  /**
   * The CRL of a CA, DER, with the revoked certificates of the personas given; CA and certificates are made when there
   * are none. It tells of now: no two are the same. @throws {SimulatorPkiError}
   */
  async revocationList(
    kind: CertificateKind,
    generation: Generation,
    personas: readonly Persona[],
  ): Promise<Uint8Array> {
    const ca = await this.#ca(kind, generation);
    const revocations: Revocation[] = [];
    for (const persona of personas) {
      const { generation: issuer, revokedAfterDays } = persona.certificates[kind] ?? {};
      if (issuer !== generation || revokedAfterDays === undefined) continue;
      const key = await this.holderKey(persona, kind);
      if (key === undefined) continue;
      const { serialNumber, notBefore } = readCertificate(key.certificate);
      revocations.push({ serialNumber, revokedAt: daysBefore(new Date(notBefore), -revokedAfterDays) });
    }
    const { writeRevocationList } = await import('./revocation-list.ts');
    return writeRevocationList({ kind, ca, revocations, now: this.#clock() });
  }

  /** A key of a persona's card that has no X.509 certificate; made when there is none. @throws {SimulatorPkiError} */
  async cardKey(persona: Persona, use: CardKeyUse): Promise<KeyObject> {
    return (await this.#cv()).key(`${persona.name}-${use}`);
  }

  /** The key that signs card records of a municipality, with its certificate; made when there is none. @throws {SimulatorPkiError} */
  async recordSigner(application: 'visual' | 'text', municipalityCode: string): Promise<CvSigner> {
    return (await this.#cv()).signer(application, municipalityCode);
  }

  /** The card-verifiable certificates at card level; made when there are none. @throws {SimulatorPkiError} */
  async cardLevelChain(municipalityCode: string): Promise<CardLevelChain> {
    return (await this.#cv()).cardLevelChain(municipalityCode);
  }

  /** The CA key of a hierarchy of card-verifiable certificates; made when there is none. @throws {SimulatorPkiError} */
  async cvAnchor(application: CvApplication): Promise<SimulatorCvAnchor> {
    return (await this.#cv()).anchor(application);
  }

  /** The CA keys of card-verifiable certificates that there are; makes none. @throws {SimulatorPkiError} */
  async cvAnchors(): Promise<SimulatorCvAnchor[]> {
    return (await this.#cv()).anchors();
  }

  /** Loaded when it is asked for, like all that writes certificates: who trusts the CAs only reads them. */
  #cv(): Promise<CvHierarchy> {
    this.#cvHierarchy ??= import('./cv-hierarchy.ts').then(
      (module) => new module.CvHierarchy(this.#store, (name, obtain) => this.#once(name, obtain)),
    );
    return this.#cvHierarchy;
  }

  #ca(kind: CertificateKind, generation: Generation): Promise<KeyEntry> {
    return this.#once(caEntryName(kind, generation), async (name) => {
      const { caServes, issueCa } = await import('./certificate-authority.ts');
      const now = this.#clock();
      return this.#store.obtain(
        name,
        (stored) => caServes(stored, generation, now),
        issueCa(kind, generation, now),
      );
    });
  }

  /** Asks the store once per entry; a failure is not remembered. */
  #once(name: string, obtain: (name: string) => Promise<KeyEntry>): Promise<KeyEntry> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const entry = obtain(name);
    this.#known.set(name, entry);
    entry.catch(() => this.#known.delete(name));
    return entry;
  }
}

function caEntryName(kind: CertificateKind, generation: Generation): string {
  return `ca-${kind}-${generation}`;
}

/**
 * The test PKI of this user. Reads and writes nothing yet: the folder is looked at when something in it is needed.
 */
export async function openSimulatorPki(options: SimulatorPkiOptions = {}): Promise<SimulatorPki> {
  const folder = resolve(options.folder ?? defaultFolder(process.env));
  return new SimulatorPki(new KeyStore(folder), options.clock ?? (() => new Date()));
}

function defaultFolder(environment: NodeJS.ProcessEnv): string {
  const own = environment['JPKI_SIM_PKI'];
  if (own) return own;
  // XDG Base Directory Specification: a relative path is to be ignored, like an empty one.
  const cache = environment['XDG_CACHE_HOME'];
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'jpki', 'sim-v1');
}
