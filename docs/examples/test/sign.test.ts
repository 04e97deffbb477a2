import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSignedData, verifySignedData } from '@jpki/core/cms';
import { anchorFromCertificate } from '@jpki/core/trust';
import { Pin } from '@jpki/iso7816';
import { openSimulatorPki, openVirtualCard } from '@jpki/simulator';
import { expect, test } from 'vitest';
import { signDocument } from '../sign.ts';

test('the signing example makes a valid attached signature and asks once, with the tries left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jpki-sign-'));
  try {
    const pki = await openSimulatorPki({ folder });
    const asked: number[] = [];
    const p7m = await signDocument(
      await openVirtualCard({ pki }),
      Buffer.from('a report'),
      async ({ triesLeft }) => {
        asked.push(triesLeft);
        return Pin.fromBytes(Buffer.from('ABC123'));
      },
    );
    const trust = [anchorFromCertificate(await pki.caCertificate('sign'), { hierarchy: 'simulator' })];
    expect(verifySignedData(readSignedData(p7m), { trust, revocation: 'off' }).status).toBe('valid');
    expect(asked).toEqual([5]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the README shows this example as it is', async () => {
  const [readme, example] = await Promise.all(
    ['../../../README.md', '../sign.ts'].map((path) => readFile(new URL(path, import.meta.url), 'utf8')),
  );
  expect(readme).toContain(example);
});
