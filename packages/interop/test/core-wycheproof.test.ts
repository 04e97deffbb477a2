import { createPublicKey, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type HashName, verifyRsa, verifyRsaDigest } from '@jpki/core';
import { describe, expect, test } from 'vitest';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

/**
 * Vectors of other people for RSASSA-PKCS1-v1_5, decided by the strict rule: what is not plainly valid is false, and
 * an exception would be a failure. SHA-224 is no hash of this library, but the same function must not be fooled by it.
 */

interface WycheproofFile {
  readonly testGroups: readonly {
    readonly sha: string;
    readonly publicKeyPem: string;
    readonly tests: readonly {
      readonly tcId: number;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid' | 'acceptable';
    }[];
  }[];
}

/** Both ways to verify; the second has only the digest, so it knows this library's hashes alone. */
function verifyBothWays(key: KeyObject, hash: string, message: Uint8Array, signature: Uint8Array): boolean[] {
  const name = hash as HashName;
  const whole = verifyRsa(key, name, message, signature);
  return hash === 'sha224'
    ? [whole]
    : [whole, verifyRsaDigest(key, name, digestOf(name, message), signature)];
}

describe('Wycheproof, RSA-2048 PKCS#1 v1.5', sharedRequirement('vectors', 'wycheproof'), () => {
  test.each([
    ['sha224', 258],
    ['sha256', 259],
    ['sha384', 258],
    ['sha512', 259],
  ])('%s: every one of %i cases by the strict rule', (hash, expected) => {
    const path = sharedPath('vectors', 'wycheproof', `rsa_signature_2048_${hash}_test.json`);
    const { testGroups }: WycheproofFile = JSON.parse(readFileSync(path, 'utf8'));
    const wrong: number[] = [];
    let count = 0;
    for (const group of testGroups) {
      expect(group.sha).toBe(hash.toUpperCase().replace('SHA', 'SHA-'));
      const key = createPublicKey(group.publicKeyPem);
      for (const { tcId, msg, sig, result } of group.tests) {
        count++;
        const answers = verifyBothWays(key, hash, Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex'));
        if (answers.some((answer) => answer !== (result === 'valid'))) wrong.push(tcId);
      }
    }
    expect([count, wrong]).toEqual([expected, []]);
  });
});

interface CavpCase {
  readonly key: KeyObject;
  readonly hash: string;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly passes: boolean;
}

/** Reads the NIST response format: `name = value` lines, a `[mod]` group, and a blank line between cases. */
function* cavpCases(text: string): Generator<CavpCase> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = line.match(/^\[?(\w+) = (\w+)/) ?? [];
    if (name === undefined || value === undefined) continue;
    fields.set(name, value);
    if (name !== 'Result') continue;
    const bytes = (field: string) => Buffer.from(evenHex(fields.get(field) ?? ''), 'hex');
    const base64url = (field: string) => stripZeros(bytes(field)).toString('base64url');
    yield {
      key: createPublicKey({ key: { kty: 'RSA', n: base64url('n'), e: base64url('e') }, format: 'jwk' }),
      hash: (fields.get('SHAAlg') ?? '').toLowerCase(),
      message: bytes('Msg'),
      signature: bytes('S'),
      passes: value === 'P',
    };
  }
}

function evenHex(text: string): string {
  return text.length % 2 === 0 ? text : `0${text}`;
}

function stripZeros(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
}

describe('NIST CAVP SigVer15', sharedRequirement('vectors', 'pyca', 'rsa'), () => {
  test('every one of 450 cases', () => {
    const file = readdirSync(sharedPath('vectors', 'pyca', 'rsa'), {
      recursive: true,
      encoding: 'utf8',
    }).find((path) => path.endsWith('SigVer15_186-3.rsp'));
    const text = readFileSync(join(sharedPath('vectors', 'pyca', 'rsa'), file ?? ''), 'utf8');
    const wrong: CavpCase[] = [];
    const count = { passes: 0, fails: 0 };
    for (const each of cavpCases(text)) {
      count[each.passes ? 'passes' : 'fails']++;
      const answers = verifyBothWays(each.key, each.hash, each.message, each.signature);
      if (answers.some((answer) => answer !== each.passes)) wrong.push(each);
    }
    expect(count).toEqual({ passes: 75, fails: 375 });
    expect(wrong).toEqual([]);
  });
});
