import type { KeyObject } from 'node:crypto';
import type { CvHierarchy } from '../proof.ts';
import { type CvAnchorFacts, CvAnchorFormatError, isRecord, readAnchorFacts } from './anchor-facts.ts';
import { keyOfModulus } from './key.ts';
import { PRODUCTION_KEYS } from './production-keys.ts';
import { TEST_KEYS } from './test-keys.ts';

/** A CA key of card-verifiable certificates that is trusted because the caller said so. */
export interface CvAnchor {
  /** Key id that certificates under it name as their issuer, 16 bytes; all of them are compared. */
  readonly keyId: Uint8Array;
  /** Who stands behind it. `production` alone decides about real people. */
  readonly hierarchy: CvHierarchy;
  readonly publicKey: KeyObject;
}

/** Whose word is trusted for records of the card, or `unproven`: read them without looking. */
export type CvTrust = readonly CvAnchor[] | 'unproven';

let production: readonly CvAnchor[] | undefined;

/**
 * The three production CA keys, for the card manager and the two 券面 applications.
 *
 * Their provenance is one source (see `production-keys.ts`): unlike the CAs of the JPKI certificates no publisher's
 * fingerprint exists to hold them against.
 */
export function productionCvAnchors(): readonly CvAnchor[] {
  production ??= PRODUCTION_KEYS.map((facts) => anchorFromFacts(facts, 'production'));
  return production;
}

/** The three CA keys of J-LIS test cards. Never trust them where a real cardholder is decided upon. */
export function testCvAnchors(): readonly CvAnchor[] {
  return TEST_KEYS.map((facts) => anchorFromFacts(facts, 'test'));
}

const HIERARCHIES: readonly CvHierarchy[] = ['production', 'test', 'simulator', 'custom'];

/**
 * Reads CA keys in the shape of `cv-anchors.json`: `{"anchors":[{"keyId","hierarchy","modulus","exponent","sha256"}]}`.
 * Every key in it is trusted, but a file cannot make a key a production one: what it says of a hierarchy that we do not
 * know, or of a production key that is none of ours, counts as `custom`.
 *
 * @throws {CvAnchorFormatError} for anything else, or a modulus that does not have its SHA-256.
 */
export function parseCvAnchors(json: unknown): readonly CvAnchor[] {
  const anchors = isRecord(json) ? json['anchors'] : undefined;
  if (!Array.isArray(anchors)) throw new CvAnchorFormatError('it has no array `anchors`');
  return anchors.map((entry: unknown, index) => {
    const facts = readAnchorFacts(entry, index);
    return anchorFromFacts(facts, hierarchyOf(facts));
  });
}

function hierarchyOf({ hierarchy, sha256 }: CvAnchorFacts): CvHierarchy {
  const known = HIERARCHIES.find((name) => name === hierarchy) ?? 'custom';
  const isOurs = PRODUCTION_KEYS.some((facts) => facts.sha256 === sha256);
  return known === 'production' && !isOurs ? 'custom' : known;
}

function anchorFromFacts(facts: CvAnchorFacts, hierarchy: CvHierarchy): CvAnchor {
  return {
    keyId: Buffer.from(facts.keyId, 'hex'),
    hierarchy,
    publicKey: keyOfModulus(Buffer.from(facts.modulus, 'hex')),
  };
}
