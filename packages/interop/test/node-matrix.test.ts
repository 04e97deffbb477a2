import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpkiRequirement } from '../src/jpki-command.ts';
import { buildAddon, type InstalledNode, installedNodes, NODE_MAJORS } from '../src/node-versions.ts';
import { installPacked } from '../src/packed-install.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { commandRequirement, requirement, requirements } from '../src/requirement.ts';
import { type RunOptions, type RunResult, run } from '../src/run.ts';
import { type ServedCard, serveCard } from '../src/served-card.ts';

const registry = await run('npm', ['view', 'yargs', 'version']).catch(() => undefined);
const needed = requirements(
  jpkiRequirement(),
  pcscdRequirement(),
  commandRequirement('g++', 'g++'),
  commandRequirement('openssl', 'openssl'),
  requirement('the npm registry', registry?.exitCode === 0, 'connect to the network'),
);

/** The packed packages, installed without scripts: the way to PC/SC is then the socket. */
const SOCKET = 'socket';

/** The same, with the addon compiled for one Node. */
const ADDON = 'pcsclite';

describe('the packed toolkit on every Node', needed, () => {
  let folder: string;
  let served: ServedCard;
  let nodes: readonly InstalledNode[];
  let builds: ReadonlyMap<number, RunResult>;

  const installation = (major: number, binding: string) =>
    join(folder, binding === ADDON ? `${ADDON}-${major}` : SOCKET);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-matrix-'));
    nodes = await installedNodes();
    await mkdir(join(folder, SOCKET));
    await installPacked(join(folder, SOCKET));
    const built = nodes.map(async (node): Promise<[number, RunResult]> => {
      const copy = installation(node.major, ADDON);
      await cp(join(folder, SOCKET), copy, { recursive: true });
      return [node.major, await buildAddon(node, join(copy, 'node_modules/pcsclite'))];
    });
    builds = new Map(await Promise.all(built));
    served = await serveCard();
    await writeFile(join(folder, 'report.txt'), 'A report worth signing.\n');
    await writeFile(join(folder, 'ca.der'), await served.pki.caCertificate('sign'));
    const pem = ['x509', '-inform', 'DER', '-in', 'ca.der', '-out', 'ca.pem'];
    await run('openssl', pem, { cwd: folder });
  });
  afterAll(async () => {
    await served?.[Symbol.asyncDispose]();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const nodeOf = (major: number): string => {
    const node = nodes.find((one) => one.major === major);
    if (!node) throw new Error(`Node ${major} is installed`);
    return node.path;
  };

  const environment = () => ({
    ...served.environment,
    LC_ALL: 'C.UTF-8',
    LANG: 'C.UTF-8',
    NODE_PATH: undefined,
  });

  const jpki = (major: number, binding: string, args: readonly string[], options: RunOptions = {}) => {
    const command = join(installation(major, binding), 'node_modules/@jpki/cli/dist/bin.cjs');
    return run(nodeOf(major), [command, ...args], { cwd: folder, env: environment(), ...options });
  };

  /** Runs a program that has the installed `openPcsc`. */
  const program = (major: number, binding: string, body: string) => {
    const code = `import { openPcsc } from '@jpki/pcsc'; ${body}`;
    const cwd = installation(major, binding);
    return run(nodeOf(major), ['--input-type=module', '-e', code], { cwd, env: environment() });
  };

  describe.each(NODE_MAJORS)('Node %i', (major) => {
    test('is that Node, and compiles the addon with its own headers', async () => {
      const { stdout } = await run(nodeOf(major), ['--version']);
      expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
      const build = builds.get(major);
      expect(build?.exitCode, build?.stderr).toBe(0);
    });

    test('signs with the virtual card of the command, and verifies', async () => {
      const output = `sim-${major}.p7m`;
      const signed = await jpki(major, SOCKET, ['--card', 'sim:', 'sign', 'report.txt', '-o', output]);
      expect(signed, signed.stderr).toMatchObject({ exitCode: 0 });
      const args = ['verify', output, '--trust', 'simulator', '--revocation', 'off'];
      const verified = await jpki(major, SOCKET, args);
      expect(verified, verified.stderr).toMatchObject({ exitCode: 0, stderr: '' });
    });

    test('loads the prebuilt addon pcsc-mini, which needs no compiler', async () => {
      const result = await program(
        major,
        SOCKET,
        `const pcsc = await openPcsc({ binding: 'pcsc-mini' });
        console.log(pcsc.binding.name, (await pcsc.readers()).filter((reader) => reader.cardPresent).length);
        await pcsc.close();`,
      );
      expect(result).toMatchObject({ stdout: 'pcsc-mini 1\n', stderr: '', exitCode: 0 });
    });

    describe.each([ADDON, SOCKET])('through %s', (binding) => {
      const sign = (args: readonly string[], pin: string) =>
        jpki(major, binding, ['sign', 'report.txt', ...args, '--pin-fd', '3', '--force', '--json'], {
          fds: { 3: `${pin}\n` },
        });

      test('which is chosen by itself', async () => {
        const result = await program(
          major,
          binding,
          'const pcsc = await openPcsc(); console.log(pcsc.binding.name); await pcsc.close();',
        );
        expect(result).toMatchObject({ stdout: `${binding}\n`, stderr: '', exitCode: 0 });
      });

      test('sees the reader and the card, and asks no PIN', async () => {
        const readers = await jpki(major, binding, ['readers', '--json']);
        expect(readers, readers.stderr).toMatchObject({ exitCode: 0, stderr: '' });
        expect(JSON.parse(readers.stdout).readers).toMatchObject([
          { cardPresent: true, cardKind: 'individual-number-card' },
          { cardPresent: false },
        ]);
        const status = await jpki(major, binding, ['status', '--json', '--no-input']);
        expect(status, status.stderr).toMatchObject({ exitCode: 0, stderr: '' });
        expect(JSON.parse(status.stdout)).toMatchObject({
          pins: { sign: { triesLeft: 5 }, auth: { triesLeft: 3 } },
        });
      });

      test('signs what OpenSSL verifies', async () => {
        const output = `${binding}-${major}.p7m`;
        const signed = await sign(['-o', output], 'ABC123');
        expect(signed, signed.stdout).toMatchObject({ exitCode: 0 });
        const args = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', output];
        const verified = await run(
          'openssl',
          [...args, '-CAfile', 'ca.pem', '-purpose', 'any', '-out', 'out'],
          {
            cwd: folder,
          },
        );
        expect(verified.stderr).toContain('Verification successful');
        expect(await readFile(join(folder, 'out'), 'utf8')).toBe('A report worth signing.\n');
      });

      test('says by exit code 4 that a PIN was wrong, for one try', async () => {
        const wrong = await sign(['--key', 'auth', '-o', 'auth.p7m'], '9999');
        expect(wrong.exitCode, wrong.stderr).toBe(4);
        expect(JSON.parse(wrong.stdout).error).toMatchObject({ triesLeft: 2 });
        const right = await sign(['--key', 'auth', '-o', 'auth.p7m'], '1234');
        expect(right.exitCode, right.stdout).toBe(0);
      });
    });
  });
});
