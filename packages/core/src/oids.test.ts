import { expect, test } from 'vitest';
import { dottedOid } from './der/oid.ts';
import type { HashName } from './digest-info.ts';
import { HASH_BY_OID, hashOid, Oid, oidContents, oidKey, RSA_HASH_BY_OID, rsaSignatureOid } from './oids.ts';

test.each<HashName>(['sha1', 'sha256', 'sha384', 'sha512'])(
  '%s is found by the bytes of its identifiers',
  (hash) => {
    expect(HASH_BY_OID.get(oidKey(oidContents(hashOid(hash))))).toBe(hash);
    expect(RSA_HASH_BY_OID.get(oidKey(oidContents(rsaSignatureOid(hash))))).toBe(hash);
  },
);

test('every identifier is its own and survives its encoding', () => {
  const all = Object.values(Oid);
  expect(new Set(all).size).toBe(all.length);
  for (const oid of all) expect(dottedOid(oidContents(oid))).toBe(oid);
});
