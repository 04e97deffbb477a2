import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeResponse } from '@jpki/iso7816';
import { openPcsc } from '@jpki/pcsc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { type RunOptions, type RunResult, run } from '../src/run.ts';
import { ScriptedCard } from '../src/scripted-card.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

const packages = join(repositoryFolder, 'packages');

/** Runs a program that has `openPcsc` of the built package, and prints errors as one line of JSON. */
const runProgram = (body: string, options: RunOptions = {}, entry = join(packages, 'pcsc/dist/index.js')) => {
  const program = `
    import { openPcsc } from ${JSON.stringify(pathToFileURL(entry).href)};
    const told = ({ name, code, message, remedy }) => console.log(JSON.stringify({ name, code, message, remedy }));
    ${body}`;
  return run(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], {
    timeout: 60_000,
    ...options,
  });
};

const endedWell = (result: RunResult) => {
  expect(result.stderr).toBe('');
  expect(result.exitCode).toBe(0);
};

/** What the addon leaves to a process: these run the built package, as a user's program would. */
describe('a process that uses PC/SC', requirements(pcscdRequirement(), pcscliteRequirement()), () => {
  let pcscd: PrivatePcscd;
  let card: ScriptedCard;
  let first: string;

  beforeAll(async () => {
    const build = await run(join(repositoryFolder, 'node_modules/.bin/tsc'), ['-b', join(packages, 'pcsc')]);
    expect(build.stdout).toBe('');
    pcscd = await startPrivatePcscd();
    first = pcscd.slots[0]?.readerName ?? '';
    card = new ScriptedCard(pcscd.slots[0]?.port ?? 0, () => encodeResponse(0x9000));
    await card.insert();
    endedWell(
      await withService(`
      const pcsc = await openPcsc();
      for await (const event of pcsc.watch()) if (event.type === 'card-inserted') break;
      await pcsc.close();`),
    );
  });
  afterAll(async () => {
    await card?.[Symbol.asyncDispose]();
    await pcscd?.[Symbol.asyncDispose]();
  });

  const withService = (body: string, env: Record<string, string> = {}) =>
    runProgram(body, { env: { ...pcscd.environment, ...env } });

  test('ends by itself after close, with and without a card used', async () => {
    const result = await withService(`
      const pcsc = await openPcsc();
      console.log((await pcsc.readers()).length);
      const channel = await pcsc.connect(${JSON.stringify(first)});
      console.log((await channel.transmit(Uint8Array.of(0, 0xa4, 4, 0))).length);
      await pcsc.close();`);
    endedWell(result);
    expect(result.stdout).toBe('2\n2\n');
    endedWell(await withService(`await (await openPcsc()).close();`));
    endedWell(await withService(`const pcsc = await openPcsc(); await pcsc.readers(); await pcsc.close();`));
  });

  test('ends by itself when it never asked anything and forgot to close', async () => {
    endedWell(await withService('await openPcsc();'));
  });

  test('ends by itself when a watch is left with break', async () => {
    endedWell(
      await withService(`
        const pcsc = await openPcsc();
        for await (const event of pcsc.watch()) break;
        await pcsc.close();`),
    );
  });

  test('can close at once after asking, at every moment of the start', async () => {
    const result = await withService(`
      for (const wait of [0, 1, 2, 3, 5, 8]) {
        const pcsc = await openPcsc();
        const asked = pcsc.readers().catch(() => 'refused');
        await new Promise((resolve) => setTimeout(resolve, wait));
        await pcsc.close();
        await asked;
      }`);
    endedWell(result);
  });

  test('survives the garbage collector between and during connections', async () => {
    const result = await withService(`
      for (let round = 0; round < 20; round++) {
        const pcsc = await openPcsc();
        const channel = await pcsc.connect(${JSON.stringify(first)}, { disposition: 'leave' });
        const answers = [1, 2, 3].map(() => channel.transmit(Uint8Array.of(0, 0xa4, 4, 0)));
        global.gc();
        await Promise.all(answers);
        await channel[Symbol.asyncDispose]();
        await pcsc.close();
        global.gc();
      }
      console.log('done');`);
    endedWell(result);
    expect(result.stdout).toBe('done\n');
  });

  test('keeps a card to itself against another process', async () => {
    const connect = `
      const pcsc = await openPcsc();
      await pcsc.connect(${JSON.stringify(first)}).then(() => console.log('connected'), told);
      await pcsc.close();`;
    Object.assign(process.env, pcscd.environment);
    const pcsc = await openPcsc();
    await pcsc.connect(first);
    const refused = await withService(connect);
    await pcsc.close();
    endedWell(refused);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      code: 'ERR_PCSC_SHARING_VIOLATION',
      message: expect.stringContaining(first),
    });
    expect((await withService(connect)).stdout).toBe('connected\n');
  });

  test('that is killed with a card in its hands leaves it to the next one', async () => {
    const name = JSON.stringify(first);
    const killed = await withService(`
      const pcsc = await openPcsc();
      const channel = await pcsc.connect(${name});
      await channel.transmit(Uint8Array.of(0, 0xa4, 4, 0));
      process.kill(process.pid, 'SIGKILL');`);
    expect(killed.signal).toBe('SIGKILL');
    const next = await withService(`
      const pcsc = await openPcsc();
      console.log((await (await pcsc.connect(${name})).transmit(Uint8Array.of(0, 0xa4, 4, 0))).length);
      await pcsc.close();`);
    endedWell(next);
    expect(next.stdout).toBe('2\n');
  });

  test('is told when there is no service, and ends by itself', async () => {
    const body = `const pcsc = await openPcsc(); await pcsc.readers().catch(told); await pcsc.close();`;
    const result = await withService(body, { PCSCLITE_CSOCK_NAME: join(tmpdir(), 'no-such-pcscd.comm') });
    endedWell(result);
    expect(JSON.parse(result.stdout)).toEqual({
      name: 'PcscError',
      code: 'ERR_PCSC_NO_SERVICE',
      message: 'the PC/SC service is not running',
      remedy: 'start-service',
    });
  });

  test('has no readers when the service has none, promptly', async () => {
    await using empty = await startPrivatePcscd({ slots: 0 });
    const body = `
      const pcsc = await openPcsc();
      console.log(JSON.stringify(await pcsc.readers({ timeout: 5_000 })));
      await pcsc.connect('any').catch(told);
      await pcsc.close();`;
    const result = await withService(body, empty.environment);
    endedWell(result);
    const [readers = '', refusal = ''] = result.stdout.split('\n');
    expect(JSON.parse(readers)).toEqual([]);
    expect(JSON.parse(refusal)).toMatchObject({ code: 'ERR_PCSC_NO_READER', remedy: 'connect-reader' });
  });

  test('is refused the addon in a worker thread with an error, not with an abort of the process', async () => {
    const worker = `
      import(${JSON.stringify(pathToFileURL(join(packages, 'pcsc/dist/index.js')).href)})
        .then(({ openPcsc }) => openPcsc({ binding: 'pcsclite' }))
        .catch(({ name, code }) => console.log(JSON.stringify({ name, code })));`;
    const result = await withService(`
      import { Worker } from 'node:worker_threads';
      new Worker(${JSON.stringify(worker)}, { eval: true });`);
    endedWell(result);
    expect(JSON.parse(result.stdout)).toEqual({ name: 'PcscError', code: 'ERR_PCSC_WORKER_THREAD' });
  });
});

describe('a process without the addon', () => {
  let folder: string;

  /** The two built packages, alone in a folder; `addon` is the source of a `pcsclite` beside them. */
  const runWithout = async (addon: string | undefined, body: string, environment = {}) => {
    const modules = join(folder, 'node_modules');
    await rm(join(modules, 'pcsclite'), { recursive: true, force: true });
    if (addon !== undefined) {
      await mkdir(join(modules, 'pcsclite'), { recursive: true });
      await writeFile(join(modules, 'pcsclite/index.js'), addon);
    }
    // Package managers tell their commands further places to look for modules.
    const env = { NODE_PATH: undefined, ...environment };
    return runProgram(body, { env }, join(modules, '@jpki/pcsc/dist/index.js'));
  };

  beforeAll(async () => {
    const build = await run(join(repositoryFolder, 'node_modules/.bin/tsc'), ['-b', join(packages, 'pcsc')]);
    expect(build.stdout).toBe('');
    folder = await mkdtemp(join(tmpdir(), 'jpki-no-addon-'));
    for (const name of ['pcsc', 'iso7816']) {
      for (const part of ['package.json', 'dist']) {
        await cp(join(packages, name, part), join(folder, 'node_modules/@jpki', name, part), {
          recursive: true,
        });
      }
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['absent', undefined, /^the PC\/SC addon pcsclite is not installed$/],
    [
      'not compiled',
      String.raw`throw new Error('Could not locate the bindings file. Tried:\n → one\n → two');`,
      /^the PC\/SC addon pcsclite is not compiled .*libpcsclite-dev/,
    ],
    [
      'made for another Node',
      String.raw`throw new Error("The module 'x.node'\nwas compiled against a different Node.js version");`,
      /^the PC\/SC addon pcsclite cannot be loaded: The module 'x\.node'$/,
    ],
    [
      'something else',
      'module.exports = {};',
      /^the PC\/SC addon pcsclite cannot be loaded: it is not the addon/,
    ],
  ])('is told in one line when it is %s', async (_, addon, message) => {
    const result = await runWithout(addon, `await openPcsc({ binding: 'pcsclite' }).catch(told);`);
    endedWell(result);
    const error = JSON.parse(result.stdout);
    expect(error).toMatchObject({
      name: 'PcscError',
      code: 'ERR_PCSC_BINDING_MISSING',
      remedy: 'install-driver',
    });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });

  test("uses pcscd's own socket, and ends by itself", pcscdRequirement(), async () => {
    await using pcscd = await startPrivatePcscd();
    const body = `
      const pcsc = await openPcsc();
      console.log(pcsc.binding.name, (await pcsc.readers()).length);
      await pcsc.close();`;
    const result = await runWithout(undefined, body, pcscd.environment);
    endedWell(result);
    expect(result.stdout).toBe('socket 2\n');
  });
});
