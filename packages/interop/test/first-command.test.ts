import { access, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandRequirement, requirement, requirements } from '../src/requirement.ts';
import { type RunResult, run } from '../src/run.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

const registry = await run('npm', ['view', 'yargs', 'version']).catch(() => undefined);
const needed = requirements(
  commandRequirement('git', 'git'),
  requirement('the npm registry', registry?.exitCode === 0, 'connect to the network'),
);

/** What a bare machine with Node has, as far as the first command needs it: no compiler, no make, no Python. */
const BARE = ['node', 'npm', 'npx', 'sh', 'env', 'dirname', 'uname', 'sed', 'cat'];

describe("the README's first command on a machine without a compiler", needed, () => {
  let folder: string;
  let clone: string;
  let result: RunResult;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-first-'));
    clone = join(folder, 'clone');
    const bin = join(folder, 'bin');
    await mkdir(bin);
    for (const name of BARE) {
      const path = (process.env['PATH'] ?? '').split(delimiter).map((part) => join(part, name));
      for (const candidate of path) {
        if (
          await access(candidate).then(
            () => true,
            () => false,
          )
        ) {
          await symlink(candidate, join(bin, name));
          break;
        }
      }
    }
    await run('git', ['clone', '--quiet', '--depth', '1', `file://${repositoryFolder}`, clone]);
    result = await run('npm', ['start'], {
      cwd: clone,
      env: { PATH: bin, LC_ALL: 'C.UTF-8', JPKI_SIM_PKI: join(folder, 'pki'), NODE_PATH: undefined },
      timeout: 500_000,
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('ends well', () => {
    expect(result.exitCode, result.stdout + result.stderr).toBe(0);
  });

  test('signs the sample and leaves the signature', async () => {
    expect((await readFile(join(clone, 'report.txt.p7s'))).length).toBeGreaterThan(1000);
  });

  test('tells the verdict in words a person understands', () => {
    expect(result.stdout).toContain('VALID (revocation not checked)');
    expect(result.stdout).toContain('the document is unchanged');
  });

  test('complains of nothing that is not there', () => {
    expect(result.stdout + result.stderr).not.toMatch(/gyp|node-gyp|ERR!|\bat .*\.js:\d+/);
  });
});
