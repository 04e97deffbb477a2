import { expect, test } from 'vitest';
import { nameText } from '../x509/name.ts';
import { productionAnchors, testAnchors } from './jpki-anchors.ts';

test('production trust is six CAs: three generations for each purpose, one name per purpose', () => {
  const anchors = productionAnchors();
  expect(anchors.map(({ purpose, generation }) => `${purpose} ${generation}`)).toEqual([
    'sign 1',
    'sign 2',
    'sign 3',
    'auth 1',
    'auth 2',
    'auth 3',
  ]);
  for (const anchor of anchors) {
    const kind = anchor.purpose === 'sign' ? 'digital signature' : 'user authentication';
    expect(nameText(anchor.subject)).toBe(
      `C=JP, O=JPKI, OU=JPKI for ${kind}, OU=Japan Agency for Local Authority Information Systems`,
    );
    expect(anchor).toMatchObject({ kind: 'key', hierarchy: 'production' });
    expect(anchor.publicKey.asymmetricKeyDetails).toMatchObject({
      modulusLength: 2048,
      publicExponent: 65_537n,
    });
    expect(anchor.notAfter).toBeGreaterThan(anchor.notBefore);
  }
  const fingerprints = anchors.map(({ fingerprint }) => Buffer.from(fingerprint).toString('hex'));
  expect(new Set(fingerprints).size).toBe(6);
  const keys = anchors.map(({ publicKey }) =>
    publicKey.export({ type: 'pkcs1', format: 'der' }).toString('hex'),
  );
  expect(new Set(keys).size).toBe(6);
});

test('the anchors are made once', () => {
  expect(productionAnchors()).toBe(productionAnchors());
});

test('test trust is four pinned hashes and shares nothing with production', () => {
  const anchors = testAnchors();
  expect(anchors.map(({ kind, hierarchy, purpose }) => [kind, hierarchy, purpose])).toEqual([
    ['pin', 'test', 'sign'],
    ['pin', 'test', 'sign'],
    ['pin', 'test', 'auth'],
    ['pin', 'test', 'auth'],
  ]);
  const hex = (anchor: { fingerprint: Uint8Array }) => Buffer.from(anchor.fingerprint).toString('hex');
  expect(new Set([...anchors, ...productionAnchors()].map(hex)).size).toBe(10);
});
