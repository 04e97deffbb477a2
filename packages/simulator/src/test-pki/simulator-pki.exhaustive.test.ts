import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificate } from '@jpki/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { otherProcess } from '../../test/other-process.ts';
import { scratchFolder } from '../../test/scratch-folder.ts';
import { personaNamed } from '../personas/index.ts';
import { openSimulatorPki } from './simulator-pki.ts';

const scratch = await scratchFolder();
const at = (time: string) => () => new Date(time);
const NOW = '2026-08-20T03:04:05Z';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the folder of the test PKI', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('is JPKI_SIM_PKI, else in XDG_CACHE_HOME, else in ~/.cache', async () => {
    vi.stubEnv('JPKI_SIM_PKI', join(scratch, 'named'));
    vi.stubEnv('XDG_CACHE_HOME', '/cache');
    vi.stubEnv('HOME', '/home/somebody');
    expect((await openSimulatorPki()).folder).toBe(join(scratch, 'named'));
    vi.stubEnv('JPKI_SIM_PKI', '');
    expect((await openSimulatorPki()).folder).toBe('/cache/jpki/sim-v1');
    vi.stubEnv('XDG_CACHE_HOME', 'relative');
    expect((await openSimulatorPki()).folder).toBe('/home/somebody/.cache/jpki/sim-v1');
  });

  test('is made for its owner alone, with only the keys that were needed', async () => {
    const folder = join(scratch, 'deep', 'new');
    const pki = await openSimulatorPki({ folder, clock: at(NOW) });
    await pki.prepare();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual([]);
    await pki.holderKey(personaNamed('adult'), 'auth');
    expect((await readdir(folder)).sort()).toEqual(['adult-auth.json', 'ca-auth-3.json']);
    expect((await stat(join(folder, 'ca-auth-3.json'))).mode & 0o777).toBe(0o600);
  });

  test('that cannot be made is an error, for reading the anchors too', async () => {
    const file = join(scratch, 'file');
    await writeFile(file, '');
    const pki = await openSimulatorPki({ folder: join(file, 'pki') });
    await expect(pki.prepare()).rejects.toMatchObject({ code: 'ERR_SIM_PKI_FOLDER' });
    await expect(pki.caCertificate('sign')).rejects.toMatchObject({ code: 'ERR_SIM_PKI_FOLDER' });
    await expect(pki.anchors()).rejects.toMatchObject({ code: 'ERR_SIM_PKI_FOLDER' });
  });

  test('that others can write to is refused', async () => {
    const folder = join(scratch, 'open');
    await mkdir(folder);
    await chmod(folder, 0o777);
    const pki = await openSimulatorPki({ folder });
    await expect(pki.prepare()).rejects.toMatchObject({ code: 'ERR_SIM_PKI_FOLDER' });
  });

  test('with a damaged file is refused, and the file is left as it is', async () => {
    const folder = join(scratch, 'damaged');
    await mkdir(folder);
    await writeFile(join(folder, 'ca-sign-3.json'), '{"format":"jpki-simulator-key-1"');
    const pki = await openSimulatorPki({ folder });
    await expect(pki.caCertificate('sign')).rejects.toMatchObject({ code: 'ERR_SIM_PKI_DAMAGED' });
    await expect(pki.anchors()).rejects.toMatchObject({ code: 'ERR_SIM_PKI_DAMAGED' });
    expect(await readFile(join(folder, 'ca-sign-3.json'), 'utf8')).toBe('{"format":"jpki-simulator-key-1"');
  });
});

describe('the CAs', () => {
  test('are the same in two processes that start at the same moment', async () => {
    const folder = join(scratch, 'race');
    const others = await Promise.all([
      otherProcess('authorities', folder),
      otherProcess('authorities', folder),
    ]);
    for (const other of others) other.go();
    const [first, second] = await Promise.all(others.map((other) => other.line()));
    expect(first).toBe(second);
    const pki = await openSimulatorPki({ folder });
    expect(JSON.parse(first ?? '')).toEqual([
      sha256(await pki.caCertificate('sign')),
      sha256(await pki.caCertificate('auth')),
    ]);
    expect((await readdir(folder)).sort()).toEqual(['ca-auth-3.json', 'ca-sign-3.json']);
  });

  test('of all generations share one name and have a key each; the first has expired', async () => {
    const pki = await openSimulatorPki({ folder: join(scratch, 'generations'), clock: at(NOW) });
    const [first, second, third] = await Promise.all(
      ([1, 2, 3] as const).map(async (generation) =>
        readCertificate(await pki.caCertificate('auth', generation)),
      ),
    );
    expect(Buffer.from(first?.subject ?? [])).toEqual(Buffer.from(third?.subject ?? []));
    expect(third?.isSignedBy(second?.publicKey ?? third.publicKey)).toBe(false);
    const now = Date.parse(NOW);
    expect([first, second, third].map((ca) => ca?.isValidAt(now))).toEqual([false, true, true]);
    expect((await pki.anchors()).map(({ kind, generation }) => `${kind} ${generation}`)).toEqual([
      'auth 1',
      'auth 2',
      'auth 3',
    ]);
  });

  test('are listed without making any', async () => {
    const folder = join(scratch, 'nothing');
    expect(await (await openSimulatorPki({ folder })).anchors()).toEqual([]);
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a certificate', () => {
  const certificateAt = async (
    folder: string,
    time: string,
    persona: 'adult' | 'expired' | 'generation-2',
  ) => {
    const pki = await openSimulatorPki({ folder, clock: at(time) });
    const key = await pki.holderKey(personaNamed(persona), 'auth');
    if (key === undefined) throw new Error('no such certificate');
    return { holder: readCertificate(key.certificate), ca: readCertificate(key.caCertificate) };
  };

  test('stays the same as long as it is what the persona promises', async () => {
    const folder = join(scratch, 'stays');
    const { holder } = await certificateAt(folder, NOW, 'adult');
    const later = await certificateAt(folder, '2029-01-01T00:00:00Z', 'adult');
    expect(sha256(later.holder.der)).toBe(sha256(holder.der));
  });

  test('of the adult is valid in every year, by the same keys, under a CA that outlives it', async () => {
    const folder = join(scratch, 'years');
    const { ca: firstCa } = await certificateAt(folder, NOW, 'adult');
    for (const time of ['2031-08-20T00:00:00Z', '2035-01-01T00:00:00Z', '2061-01-01T00:00:00Z']) {
      const { holder, ca } = await certificateAt(folder, time, 'adult');
      expect(holder.isValidAt(Date.parse(time))).toBe(true);
      expect(ca.isValidAt(holder.notAfter)).toBe(true);
      expect(ca.isValidAt(holder.notBefore)).toBe(true);
      expect(holder.isSignedBy(firstCa.publicKey)).toBe(true);
    }
  });

  test('of the expired persona has expired under a CA that has not, and was issued in its time', async () => {
    const { holder, ca } = await certificateAt(join(scratch, 'expired'), NOW, 'expired');
    expect(holder.notAfter).toBeLessThan(Date.parse(NOW));
    expect(ca.isValidAt(Date.parse(NOW))).toBe(true);
    expect(ca.isValidAt(holder.notBefore)).toBe(true);
  });

  test('of generation 2 is valid within the life of its CA', async () => {
    const { holder, ca } = await certificateAt(join(scratch, 'second'), NOW, 'generation-2');
    expect(holder.isValidAt(Date.parse(NOW))).toBe(true);
    expect(ca.isValidAt(holder.notBefore) && ca.isValidAt(holder.notAfter)).toBe(true);
  });

  test('that the persona has not is undefined', async () => {
    const pki = await openSimulatorPki({ folder: join(scratch, 'child'), clock: at(NOW) });
    expect(await pki.holderKey(personaNamed('child'), 'sign')).toBeUndefined();
  });
});
