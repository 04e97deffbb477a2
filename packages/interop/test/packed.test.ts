import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpkiRequirement } from '../src/jpki-command.ts';
import { installPacked, publishedPackages } from '../src/packed-install.ts';
import { requirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

const PACKAGES = await publishedPackages();

const registry = await run('npm', ['view', 'yargs', 'version']).catch(() => undefined);
const needed = requirements(
  jpkiRequirement(),
  requirement('the npm registry', registry?.exitCode === 0, 'connect to the network'),
);

describe('the packed packages, installed elsewhere', needed, () => {
  let folder: string;
  let files: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-packed-'));
    await installPacked(folder);
    files = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const jpki = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run(join(folder, 'node_modules/.bin/jpki'), args, {
      cwd: folder,
      env: { ...env, JPKI_SIM_PKI: join(folder, 'pki'), LC_ALL: 'C.UTF-8', NODE_PATH: undefined },
    });

  test('are all that are published', () => {
    expect(PACKAGES).toEqual(['applets', 'cli', 'core', 'iso7816', 'pcsc', 'simulator', 'trace']);
    expect(files).toHaveLength(PACKAGES.length);
  });

  test('run jpki --card sim: status', async () => {
    const { stdout, stderr, exitCode } = await jpki(['--card', 'sim:', 'status', '--json']);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      cardKind: 'individual-number-card',
      pins: { sign: { triesLeft: 5 } },
    });
  });

  test('sign and verify', async () => {
    await writeFile(join(folder, 'letter.txt'), 'a letter');
    const signed = await jpki(['--card', 'sim:', 'sign', 'letter.txt', '--detached']);
    expect(signed.exitCode, signed.stderr).toBe(0);
    const verified = await jpki(['verify', 'letter.txt.p7s', '--trust', 'simulator', '--revocation', 'off']);
    expect(verified.exitCode, verified.stderr).toBe(0);
  });

  test('reach the service without the addon, and say in one line when it does not run', async () => {
    const { stderr, stdout, exitCode } = await jpki(['readers'], {
      PCSCLITE_CSOCK_NAME: join(folder, 'no-pcscd.comm'),
    });
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(stderr).not.toContain('pcsclite');
  });

  test('hold no test, no fixture and no path of a machine', async () => {
    for (const name of PACKAGES) {
      const list = await run('find', [join(folder, 'node_modules/@jpki', name), '-type', 'f']);
      expect(list.stdout).not.toMatch(/\.test\.|fixture|\.tsbuildinfo|\.p7s/);
    }
    const paths = await run('grep', ['-rlF', repositoryFolder, join(folder, 'node_modules/@jpki')]);
    expect(paths.stdout).toBe('');
  });
});
