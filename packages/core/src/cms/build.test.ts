import { describe, expect, test } from 'vitest';
import { keyNamed, makeCa, makeHolder } from '../../test/support/certificates.ts';
import { softwareSigner } from '../software-signer.ts';
import { anchorFromCertificate } from '../trust/anchor.ts';
import { buildSignedData } from './build.ts';
import { readSignedData } from './signed-data.ts';
import { verifySignedData } from './verify.ts';

const CONTENT = Buffer.from('content');
const signer = softwareSigner({
  privateKey: keyNamed('signer').privateKey,
  certificate: makeHolder(keyNamed('signer')),
});
const second = softwareSigner({
  privateKey: keyNamed('second').privateKey,
  certificate: makeHolder(keyNamed('second'), { serial: 2 }),
});
const trust = [anchorFromCertificate(makeCa(keyNamed('ca')))];
const at = new Date('2026-06-01T00:00:00Z');

describe.each(['sha256', 'sha384', 'sha512'] as const)('what is built with %s', (hash) => {
  test.each([true, false])('is valid (detached: %s)', async (detached) => {
    const message = await buildSignedData(CONTENT, [signer, second], { detached, hash });
    const verdict = verifySignedData(readSignedData(message), {
      trust,
      at,
      revocation: 'off',
      ...(detached && { content: CONTENT }),
    });
    expect(verdict.status).toBe('valid');
    expect(verdict.signatures.map(({ level }) => level)).toEqual(['B', 'B']);
  });
});

test('signers are asked one after another: two keys may live on one card', async () => {
  let busy = false;
  const exclusive = (inner: typeof signer) => ({
    ...inner,
    sign: async (...request: Parameters<typeof signer.sign>) => {
      expect(busy).toBe(false);
      busy = true;
      await new Promise((resolve) => setImmediate(resolve));
      busy = false;
      return inner.sign(...request);
    },
  });
  await buildSignedData(CONTENT, [exclusive(signer), exclusive(second)]);
});

test('nobody signs nothing', async () => {
  await expect(buildSignedData(CONTENT, [])).rejects.toThrow(RangeError);
});

test('what a signer throws comes through', async () => {
  const failing = { ...signer, sign: () => Promise.reject(new TypeError('no card')) };
  await expect(buildSignedData(CONTENT, [failing])).rejects.toThrow('no card');
});
