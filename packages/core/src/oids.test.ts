import { expect, test } from 'vitest';
import { dottedOid } from './der/oid.ts';
import { oidContents } from './der/oid-table.ts';
import { DerReader } from './der/reader.ts';
import { objectIdentifier } from './der/writer.ts';
import type { HashName } from './digest-info.ts';
import { DIGEST_ALGORITHMS, hashOid, Oid, RSA_SIGNATURE_ALGORITHMS, rsaSignatureOid } from './oids.ts';

/** A reader that stands on an object identifier. */
const on = (dotted: string) => new DerReader(objectIdentifier(dotted)).expect(0x06);

test.each<HashName>(['sha1', 'sha256', 'sha384', 'sha512'])(
  '%s is found by the bytes of its identifiers',
  (hash) => {
    expect(DIGEST_ALGORITHMS.find(on(hashOid(hash)))).toBe(hash);
    expect(RSA_SIGNATURE_ALGORITHMS.find(on(rsaSignatureOid(hash)))).toBe(hash);
  },
);

test('every identifier is its own and survives its encoding', () => {
  const all = Object.values(Oid);
  expect(new Set(all).size).toBe(all.length);
  for (const oid of all) expect(dottedOid(oidContents(oid))).toBe(oid);
});
