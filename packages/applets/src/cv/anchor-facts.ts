import { createHash } from 'node:crypto';
import { CardError } from '@jpki/iso7816';
import { KEY_ID_LENGTH } from './certificate.ts';
import { MODULUS_LENGTH } from './key.ts';

/** The facts of one key, as `cv-anchors.json` has them. */
export interface CvAnchorFacts {
  /** 16 bytes, hex. */
  readonly keyId: string;
  readonly hierarchy: string;
  /** 256 bytes, hex; the exponent is 65,537. */
  readonly modulus: string;
  /** `010001`. */
  readonly exponent: string;
  /** SHA-256 of the modulus bytes, hex. */
  readonly sha256: string;
}

/** What is not a list of CA keys in the shape of `cv-anchors.json`. */
export class CvAnchorFormatError extends CardError {
  override readonly name = 'CvAnchorFormatError';

  constructor(what: string) {
    super(`this is no list of CA keys for card-verifiable certificates: ${what}`, {
      code: 'ERR_CV_ANCHOR_FORMAT',
    });
  }
}

/**
 * Reads one entry of a list of CA keys.
 *
 * @param index counted from 0, for the error.
 * @throws {CvAnchorFormatError} when a field is missing or wrong, or the modulus does not have its SHA-256.
 */
export function readAnchorFacts(entry: unknown, index: number): CvAnchorFacts {
  const field = (name: keyof CvAnchorFacts, bytes?: number): string => {
    const value = isRecord(entry) ? entry[name] : undefined;
    const length = bytes === undefined ? '*' : `{${2 * bytes}}`;
    const isRight =
      typeof value === 'string' && (bytes === undefined || new RegExp(`^[0-9A-Fa-f]${length}$`).test(value));
    if (!isRight) throw new CvAnchorFormatError(`entry ${index + 1} has no right \`${name}\``);
    return value.toLowerCase();
  };
  const facts = {
    keyId: field('keyId', KEY_ID_LENGTH),
    hierarchy: field('hierarchy'),
    modulus: field('modulus', MODULUS_LENGTH),
    exponent: field('exponent', 3),
    sha256: field('sha256', 32),
  };
  const digest = createHash('sha256').update(Buffer.from(facts.modulus, 'hex')).digest('hex');
  if (digest !== facts.sha256)
    throw new CvAnchorFormatError(`entry ${index + 1} is not the key of its SHA-256`);
  if (facts.exponent !== '010001')
    throw new CvAnchorFormatError(`entry ${index + 1} has an unusual exponent`);
  return facts;
}

/** Whether parsed JSON is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
