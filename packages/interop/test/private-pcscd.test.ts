import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';

const needs = requirements(pcscdRequirement(), commandRequirement('opensc-tool', 'opensc'));

describe('a private pcscd', needs, () => {
  const readersSeenBy = async (environment: Record<string, string>) => {
    const { stdout } = await run('opensc-tool', ['--list-readers'], { env: environment });
    return (stdout.match(/Virtual PCD .*/g) ?? []).map((name) => name.trim());
  };

  test('shows exactly the slots asked for, under the names it tells', async () => {
    await using pcscd = await startPrivatePcscd({ slots: 4 });
    const names = pcscd.slots.map(({ readerName }) => readerName);
    expect(names).toHaveLength(4);
    expect(await readersSeenBy(pcscd.environment)).toEqual(names);
  });

  test('can have no slots at all', async () => {
    await using pcscd = await startPrivatePcscd({ slots: 0 });
    const { stderr, stdout } = await run('opensc-tool', ['--list-readers'], { env: pcscd.environment });
    expect(stdout + stderr).toMatch(/No smart card readers found/);
  });

  test('comes up again under the same names after a stop and after a crash', async () => {
    await using pcscd = await startPrivatePcscd();
    const names = pcscd.slots.map(({ readerName }) => readerName);
    await pcscd.restart();
    expect(await readersSeenBy(pcscd.environment)).toEqual(names);
    await pcscd.kill();
    expect(pcscd.pid).toBeUndefined();
    expect(await readersSeenBy(pcscd.environment)).toEqual([]);
    await pcscd.start();
    expect(await readersSeenBy(pcscd.environment)).toEqual(names);
  });

  test('leaves no folder behind', async () => {
    const folders = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('jpki-pcscd-')).sort();
    const pcscd = await startPrivatePcscd();
    const whileRunning = await folders();
    const own = whileRunning.filter((name) => pcscd.environment.PCSCLITE_CSOCK_NAME.includes(name));
    expect(own).toHaveLength(1);
    await pcscd[Symbol.asyncDispose]();
    expect(await folders()).not.toContain(own[0]);
  });
});
