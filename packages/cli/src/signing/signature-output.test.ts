import { generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Signer, softwareSigner } from '@jpki/core';
import { readSignedData } from '@jpki/core/cms';
import { openSimulatorPki, personaNamed } from '@jpki/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { makeSignature, writeSignature } from './signature-output.ts';
import { SigningJobs } from './signing-job.ts';

const folder = mkdtempSync(join(tmpdir(), 'jpki-signing-'));
const { signal } = new AbortController();
const document = join(folder, 'document');
const output = join(folder, 'signature');
let signer: Signer;

beforeAll(async () => {
  const pki = await openSimulatorPki({ folder: inject('simulatorKeys') });
  const key = await pki.holderKey(personaNamed('adult'), 'sign');
  if (key === undefined) throw new Error('the adult has a signing key');
  signer = softwareSigner(key);
});
beforeEach(() => {
  writeFileSync(document, 'the document that is signed');
  rmSync(output, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Signs the document; `meanwhile` happens between the hash and the writing. */
async function sign(detached: boolean, meanwhile: () => void, by: Signer = signer): Promise<void> {
  const request = { files: [document], output, format: undefined, detached, force: false };
  const prepared = await SigningJobs.prepare(request, signal);
  try {
    const [job] = prepared.jobs;
    if (job === undefined) throw new Error('there is one job');
    const made = await makeSignature(job, by, new Date());
    meanwhile();
    await writeSignature(job, made, signal);
  } finally {
    await prepared[Symbol.asyncDispose]();
  }
}

describe.each([
  ['attached', false],
  ['detached', true],
])('an %s signature', (_, detached) => {
  it('is written whole', async () => {
    await sign(detached, () => undefined);
    expect(readSignedData(readFileSync(output)).signerInfos).toHaveLength(1);
  });

  it.each([
    ['grew', () => appendFileSync(document, '!')],
    ['shrank', () => writeFileSync(document, 'the')],
    ['got other content of the same length', () => writeFileSync(document, 'THE DOCUMENT THAT IS SIGNED')],
  ])('is not written when the document %s meanwhile', async (_what, change) => {
    // The time of change is set back: the content itself must tell.
    utimesSync(document, 1, 1);
    const changeUnnoticed = () => {
      change();
      utimesSync(document, 1, 1);
    };
    await expect(sign(detached, changeUnnoticed)).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
    expect(existsSync(output)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is not made from a signature that does not fit the certificate', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const impostor = softwareSigner({ privateKey, certificate: signer.certificate });
    await expect(sign(detached, () => undefined, impostor)).rejects.toMatchObject({
      code: 'ERR_SIGNATURE_MISMATCH',
    });
    expect(existsSync(output)).toBe(false);
  });
});
