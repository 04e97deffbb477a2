import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readTlv, readTlvs } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../../test/scratch-folder.ts';
import { sharedPkiFolder } from '../../test/shared-pki.ts';
import { personaNamed } from '../personas/index.ts';
import { cardVerifiableCertificate, keyId } from './card-verifiable.ts';
import type { SimulatorCvAnchor } from './cv-hierarchy.ts';
import { openSimulatorPki } from './simulator-pki.ts';

const pki = await openSimulatorPki({ folder: sharedPkiFolder() });

function anchorKey({ modulus, exponent }: SimulatorCvAnchor): KeyObject {
  const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
  return createPublicKey({
    key: { kty: 'RSA', n: base64(modulus), e: base64(exponent) },
    format: 'jwk',
  });
}

/** Body and signature of a certificate, from its 5F4E on. */
function parts(objects: Uint8Array) {
  const [body, signature] = readTlvs(objects);
  const value = Buffer.from(body?.value ?? []);
  const key = createPublicKey({
    key: { kty: 'RSA', n: value.subarray(41).toString('base64url'), e: 'AQAB' },
    format: 'jwk',
  });
  return {
    value,
    issuer: value.subarray(0, 16).toString('latin1'),
    subject: value.subarray(16, 32).toString('latin1'),
    key,
    signature: Buffer.from(signature?.value ?? []),
  };
}

describe('the CAs of card-verifiable certificates', () => {
  test('are told apart from production and test at a glance, and made when asked for', async () => {
    const folder = await scratchFolder();
    const fresh = await openSimulatorPki({ folder });
    expect(await fresh.cvAnchors()).toEqual([]);
    const anchor = await fresh.cvAnchor('text');
    expect(anchor).toMatchObject({
      keyId: Buffer.from('9000033\x08\x05001\0\0\0\0', 'latin1').toString('hex'),
      name: 'SIMULATOR 9000033',
      hierarchy: 'simulator',
      application: '券面入力補助AP',
      exponent: '010001',
    });
    expect(anchor.modulus).toMatch(/^[0-9a-f]{512}$/);
    expect(anchor.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await fresh.cvAnchors()).toEqual([anchor]);
    const again = await openSimulatorPki({ folder });
    expect(await again.cvAnchor('text')).toEqual(anchor);
    expect(await readdir(folder)).toEqual(['cv-ca-text.json']);
  });
});

describe('the signer of records', () => {
  test('is named after its municipality and certified by the CA of its application', async () => {
    const { certificate, privateKey } = await pki.recordSigner('text', '99999');
    expect(certificate).toHaveLength(568);
    expect(Buffer.from(certificate).subarray(0, 10).toString('hex')).toBe('7f218202335f4e820129');
    const { value, issuer, subject, key, signature } = parts(readTlv(certificate).value);
    expect(value).toHaveLength(297);
    expect(value.subarray(32, 41).toString('hex')).toBe('900301000191820100');
    expect([issuer, subject]).toEqual(['9000033\x08\x05001\0\0\0\0', '9999931\x08\x05000\0\0\0\0']);
    expect(key.equals(createPublicKey(privateKey))).toBe(true);
    expect(verify('sha256', value, anchorKey(await pki.cvAnchor('text')), signature)).toBe(true);
  });

  test('of another application has another key and another CA', async () => {
    const text = await pki.recordSigner('text', '99999');
    const visual = await pki.recordSigner('visual', '99999');
    const { value, subject, signature } = parts(readTlv(visual.certificate).value);
    expect(subject.slice(0, 7)).toBe('9999921');
    expect(verify('sha256', value, anchorKey(await pki.cvAnchor('visual')), signature)).toBe(true);
    expect(verify('sha256', value, anchorKey(await pki.cvAnchor('text')), signature)).toBe(false);
    expect(visual.privateKey.equals(text.privateKey)).toBe(false);
  });

  test('is certified anew when the CA has another key', async () => {
    const own = join(await scratchFolder(), 'pki');
    const first = await (await openSimulatorPki({ folder: own })).recordSigner('text', '99999');
    await rm(join(own, 'cv-ca-text.json'));
    const renewed = await openSimulatorPki({ folder: own });
    const second = await renewed.recordSigner('text', '99999');
    expect(second.privateKey.equals(first.privateKey)).toBe(true);
    const { value, signature } = parts(readTlv(second.certificate).value);
    expect(verify('sha256', value, anchorKey(await renewed.cvAnchor('text')), signature)).toBe(true);
  });
});

describe('the chain at card level', () => {
  test('goes from the CA over the municipality to one more key, in two certificates of 575 bytes', async () => {
    const { root, intermediate, upper, lower } = await pki.cardLevelChain('99999');
    for (const certificate of [upper, lower]) {
      expect(certificate).toHaveLength(575);
      expect(Buffer.from(certificate).subarray(0, 17).toString('hex')).toBe(
        '4d0a42105f20105f498201095f4e820129',
      );
    }
    const first = parts(upper.subarray(12));
    const second = parts(lower.subarray(12));
    const name = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
    expect([first.issuer, first.subject]).toEqual([name(root), name(intermediate)]);
    expect([second.issuer, second.subject]).toEqual([name(intermediate), '9000050\x08\x05001\0\0\0\x40']);
    expect([name(root), name(intermediate)]).toEqual([
      '9000020\x08\x05001\0\0\0\xa8',
      '9999930\x08\x05002\0\0\0\x98',
    ]);
    expect(verify('sha256', first.value, anchorKey(await pki.cvAnchor('card')), first.signature)).toBe(true);
    expect(verify('sha256', second.value, first.key, second.signature)).toBe(true);
  });
});

describe('the keys of a card', () => {
  test('are its own, one for each use, and stay', async () => {
    const [adult, child] = [personaNamed('adult'), personaNamed('child')];
    const signing = await pki.cardKey(adult, 'text-signing');
    expect(signing.equals(await pki.cardKey(adult, 'text-delivery'))).toBe(false);
    expect(signing.equals(await pki.cardKey(child, 'text-signing'))).toBe(false);
    const again = await openSimulatorPki({ folder: sharedPkiFolder() });
    expect(signing.equals(await again.cardKey(adult, 'text-signing'))).toBe(true);
    expect(await readdir(sharedPkiFolder())).toContain('adult-text-signing.json');
  });
});

test('a key name of other lengths is a mistake', async () => {
  expect(() => keyId({ number: '123456', suffix: '001' })).toThrow(RangeError);
  const key = await pki.cardKey(personaNamed('adult'), 'text-signing');
  const name = { number: '99999310', suffix: '000' };
  expect(() => cardVerifiableCertificate({ issuer: name, subject: name, key }, key)).toThrow(RangeError);
});
