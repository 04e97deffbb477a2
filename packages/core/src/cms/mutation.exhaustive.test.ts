import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { keyNamed, makeCa, makeHolder } from '../../test/support/certificates.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, Tag } from '../der/tags.ts';
import { CoreError } from '../errors.ts';
import { softwareSigner } from '../software-signer.ts';
import { anchorFromCertificate } from '../trust/anchor.ts';
import { buildSignedData } from './build.ts';
import { readSignedData } from './signed-data.ts';
import { type Verdict, verifySignedData } from './verify.ts';

/** One changed or missing byte, at every place of a message of two signers with a CA certificate beside them. */

const CONTENT = new Uint8Array(1024).map((_, at) => at * 31);
const ca = makeCa(keyNamed('ca'));
const trust = [anchorFromCertificate(ca)];
const at = new Date('2026-06-01T00:00:00Z');
let message: Uint8Array = new Uint8Array();

beforeAll(async () => {
  const signers = ['signer', 'second'].map((name, serial) =>
    softwareSigner({
      privateKey: keyNamed(name).privateKey,
      certificate: makeHolder(keyNamed(name), { serial: serial + 1 }),
      chain: [ca],
    }),
  );
  message = await buildSignedData(CONTENT, signers, { signingTime: new Date('2026-01-01T00:00:00Z') });
});

/** The status; `refused` for a typed error. Any other exception fails the test. */
function judge(bytes: Uint8Array): Verdict['status'] | 'refused' {
  try {
    return verifySignedData(readSignedData(bytes), { trust, at, revocation: 'off' }).status;
  } catch (error) {
    if (error instanceof CoreError) return 'refused';
    throw error;
  }
}

interface Region {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What no signature covers and nothing reads: versions below the bound, the list of digest algorithms that merely
 * announces the signers' own, and certificates that are no signer's.
 */
function unsignedRegions(bytes: Uint8Array): Region[] {
  const regions: Region[] = [];
  const add = (what: string, reader: DerReader) =>
    regions.push({ what, start: reader.start, end: reader.end });
  const outer = new DerReader(bytes).expect(Tag.SEQUENCE).enter();
  outer.next();
  const fields = outer.expect(contextConstructed(0)).enter().expect(Tag.SEQUENCE).enter();
  add('version', fields.expect(Tag.INTEGER));
  add('digestAlgorithms', fields.expect(Tag.SET));
  fields.next();
  const certificates = fields.expect(contextConstructed(0)).enter();
  while (certificates.more) {
    certificates.next();
    if (Buffer.compare(certificates.encoded, ca) === 0)
      regions.push({ what: 'CA certificate', start: certificates.header, end: certificates.end });
  }
  const signers = fields.expect(Tag.SET).enter();
  while (signers.more) add('version of a signer', signers.expect(Tag.SEQUENCE).enter().expect(Tag.INTEGER));
  return regions;
}

describe('a message', () => {
  test('is valid to begin with', () => {
    expect(judge(message)).toBe('valid');
    expect(unsignedRegions(message).map(({ what }) => what)).toEqual([
      'version',
      'digestAlgorithms',
      'CA certificate',
      'version of a signer',
      'version of a signer',
    ]);
  });

  test('with any one byte changed is never valid, but for bytes that no signature covers', {
    timeout: 600_000,
  }, () => {
    const regions = unsignedRegions(message);
    const harmless = new Set<string>();
    const bytes = new Uint8Array(message);
    for (let at = 0; at < bytes.length; at++) {
      const before = bytes[at] ?? 0;
      for (const mask of [0x01, 0x20, 0x80, 0xff]) {
        bytes[at] = before ^ mask;
        if (judge(bytes) !== 'valid') continue;
        const region = regions.find(({ start, end }) => at >= start && at < end);
        expect(region, `byte ${at} changed by ${mask}`).toBeDefined();
        if (region) harmless.add(region.what);
      }
      bytes[at] = before;
    }
    expect([...harmless].sort()).toEqual([
      'CA certificate',
      'digestAlgorithms',
      'version',
      'version of a signer',
    ]);
  });

  test('cut anywhere is refused', () => {
    for (let length = 0; length < message.length; length++)
      expect(judge(message.subarray(0, length))).toBe('refused');
  });

  test('with one byte left out or doubled is never valid outside those parts', { timeout: 600_000 }, () => {
    for (let at = 0; at < message.length; at++) {
      const [head, tail] = [message.subarray(0, at), message.subarray(at + 1)];
      expect(judge(Buffer.concat([head, tail]))).not.toBe('valid');
      expect(judge(Buffer.concat([head, message.subarray(at, at + 1), message.subarray(at)]))).not.toBe(
        'valid',
      );
    }
  });
});

test('random damage ends with a verdict or a typed error', () => {
  const damage = fc.record({
    at: fc.nat(message.length - 1),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (places) => {
      const bytes = new Uint8Array(message);
      for (const { at, bytes: junk } of places) bytes.set(junk.subarray(0, bytes.length - at), at);
      expect(['valid', 'invalid', 'indeterminate', 'refused']).toContain(judge(bytes));
    }),
    { numRuns: 3000, seed: 21 },
  );
});
