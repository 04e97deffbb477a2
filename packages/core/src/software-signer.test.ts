import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { keyNamed, makeHolder } from '../test/support/certificates.ts';
import { digestOf, type HashName } from './digest-info.ts';
import { softwareSigner } from './software-signer.ts';

const key = keyNamed('signer');
const certificate = makeHolder(key);
const MESSAGE = Buffer.from('message');

test.each<HashName>(['sha1', 'sha256', 'sha384', 'sha512'])(
  'a software signer makes the very bytes node:crypto makes with %s',
  async (hash) => {
    const signer = softwareSigner({ privateKey: key.privateKey, certificate });
    const signature = await signer.sign(hash, digestOf(hash, MESSAGE));
    expect(signature).toEqual(sign(hash, MESSAGE, key.privateKey));
    expect([signature.length, signer.chain]).toEqual([signer.signatureLength, []]);
  },
);

test('it signs digests and nothing else', async () => {
  const signer = softwareSigner({ privateKey: key.privateKey, certificate });
  await expect(signer.sign('sha256', MESSAGE)).rejects.toThrow(RangeError);
});

test('it needs the private half of an RSA key', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(() => softwareSigner({ privateKey: ec.privateKey, certificate })).toThrow(TypeError);
  expect(() => softwareSigner({ privateKey: key.publicKey, certificate })).toThrow(TypeError);
});
