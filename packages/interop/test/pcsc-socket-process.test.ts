import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeResponse } from '@jpki/iso7816';
import { type BindingCard, type PcscBinding, socketBinding } from '@jpki/pcsc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { type RunResult, run } from '../src/run.ts';
import { eventually, ScriptedCard } from '../src/scripted-card.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

const packages = join(repositoryFolder, 'packages');
const COMMAND = Uint8Array.of(0, 0xa4, 4, 0);

const endedWell = (result: RunResult) => {
  expect(result.stderr).toBe('');
  expect(result.exitCode).toBe(0);
};

/** Waits until a card is in each of these many readers. */
async function untilInserted(binding: PcscBinding, count: number): Promise<void> {
  let present = 0;
  const observation = binding.observe({
    update: (readers) => {
      present = readers.filter(({ cardPresent }) => cardPresent).length;
    },
    lost: () => undefined,
  });
  await eventually(() => present === count);
  await observation.close();
}

/** These run the built package, as a user's program would. */
describe('a process that uses the socket binding', pcscdRequirement(), () => {
  let pcscd: PrivatePcscd;
  let card: ScriptedCard;
  let first: string;

  /** Runs a program that has `binding`, a reader's `name` and a `COMMAND`. */
  const withService = (body: string, env: Record<string, string> = {}) => {
    const entry = pathToFileURL(join(packages, 'pcsc/dist/socket/socket-binding.js')).href;
    const program = `
      import { socketBinding } from ${JSON.stringify(entry)};
      const binding = socketBinding();
      const name = ${JSON.stringify(first)};
      const COMMAND = Uint8Array.of(0, 0xa4, 4, 0);
      ${body}`;
    return run(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 60_000,
      env: { ...pcscd.environment, ...env },
    });
  };

  beforeAll(async () => {
    await run(join(repositoryFolder, 'node_modules/.bin/tsc'), ['-b', join(packages, 'pcsc')]);
    pcscd = await startPrivatePcscd();
    first = pcscd.slots[0]?.readerName ?? '';
    card = new ScriptedCard(pcscd.slots[0]?.port ?? 0, () => encodeResponse(0x9000));
    await card.insert();
    await untilInserted(socketBinding({ path: pcscd.environment.PCSCLITE_CSOCK_NAME }), 1);
  });
  afterAll(async () => {
    await card?.[Symbol.asyncDispose]();
    await pcscd?.[Symbol.asyncDispose]();
  });

  test('finds the service through PCSCLITE_CSOCK_NAME, and ends by itself with a card forgotten', async () => {
    const result = await withService(`
      const card = await binding.connect(name, 'shared');
      console.log((await card.transmit(COMMAND)).length);`);
    endedWell(result);
    expect(result.stdout).toBe('2\n');
    endedWell(await withService(''));
  });

  test('lives as long as its observation', async () => {
    const result = await withService(`
      const observation = binding.observe({ update: () => undefined, lost: () => undefined });
      setTimeout(async () => { await observation.close(); console.log('closed'); }, 200).unref();`);
    endedWell(result);
    expect(result.stdout).toBe('closed\n');
  });

  test('can close an observation at every moment of its start', async () => {
    const result = await withService(`
      for (const wait of [undefined, 0, 0, 1, 1, 2, 3]) {
        const observation = binding.observe({ update: () => undefined, lost: console.log });
        if (wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait));
        await observation.close();
      }`);
    endedWell(result);
    expect(result.stdout).toBe('');
  });

  test('can use it in several worker threads at once', async () => {
    const worker = `
      import('node:worker_threads').then(async ({ workerData: { entry, name }, parentPort }) => {
        const { socketBinding } = await import(entry);
        const card = await socketBinding().connect(name, 'shared');
        let bytes = 0;
        for (let round = 0; round < 50; round++) bytes += (await card.transmit(Uint8Array.of(0, 0xa4, 4, 0))).length;
        await card.disconnect('leave');
        parentPort.postMessage(bytes);
      });`;
    const entry = pathToFileURL(join(packages, 'pcsc/dist/socket/socket-binding.js')).href;
    const result = await withService(`
      import { Worker } from 'node:worker_threads';
      for (let thread = 0; thread < 3; thread++) {
        const workerData = { entry: ${JSON.stringify(entry)}, name };
        new Worker(${JSON.stringify(worker)}, { eval: true, workerData }).on('message', console.log);
      }`);
    endedWell(result);
    expect(result.stdout).toBe('100\n100\n100\n');
  });

  test('that is killed inside a transaction leaves a reset card, not a locked one', async () => {
    const binding = socketBinding({ path: pcscd.environment.PCSCLITE_CSOCK_NAME });
    const other = (await binding.connect(first, 'shared')) as Required<BindingCard>;
    const before = card.power.length;
    const killed = await withService(`
      const card = await binding.connect(name, 'shared');
      await card.begin();
      await card.transmit(COMMAND);
      process.kill(process.pid, 'SIGKILL');`);
    expect(killed.signal).toBe('SIGKILL');
    await expect(other.begin()).rejects.toMatchObject({ scardCode: 0x80100068 });
    // pcscd tells of the reset first and does it then: connected anew in between, the card would lose its protocol again.
    await eventually(() => card.power.slice(before).includes('reset'));
    await other.reconnect('shared', 'leave');
    await other.begin();
    expect(await other.transmit(COMMAND)).toHaveLength(2);
    await other.end('leave');
    await other.disconnect('leave');
  });

  test('is told when there is no service, and ends by itself', async () => {
    const result = await withService(
      `
      await binding.connect(name, 'shared').catch(({ scardCode }) => console.log(scardCode.toString(16)));
      binding.observe({ update: () => undefined, lost: ({ scardCode }) => console.log(scardCode.toString(16)) });`,
      { PCSCLITE_CSOCK_NAME: '/nowhere/pcscd.comm' },
    );
    endedWell(result);
    expect(result.stdout).toBe('8010001d\n8010001d\n');
  });

  test('is told of a frozen service, and ends by itself', async () => {
    pcscd.freeze(true);
    try {
      const result = await withService(
        `binding.connect(name, 'shared').then(console.log, ({ code, remedy }) => console.log(code, remedy));`,
      );
      endedWell(result);
      expect(result.stdout).toBe('ERR_PCSC_TIMEOUT restart-service\n');
    } finally {
      pcscd.freeze(false);
    }
  });
});

describe('sixteen readers in parallel', pcscdRequirement(), () => {
  test('work side by side, and one whose card is taken away does not stop the others', async () => {
    await using pcscd = await startPrivatePcscd({ slots: 16 });
    const binding = socketBinding({ path: pcscd.environment.PCSCLITE_CSOCK_NAME });
    const cards = pcscd.slots.map(
      ({ port }, slot) =>
        new ScriptedCard(port, (command, self) => {
          if (slot !== 5 || self.commands.length < 20) return encodeResponse(0x9000, command.subarray(0, 2));
          return 'remove';
        }),
    );
    await Promise.all(cards.map((card) => card.insert()));
    await untilInserted(binding, 16);
    const work = pcscd.slots.map(async ({ readerName }) => {
      const card = await binding.connect(readerName, 'exclusive');
      let answered = 0;
      for (let round = 0; round < 50; round++) {
        const response = await card.transmit(COMMAND).catch(() => new Uint8Array());
        if (response.length < 2) break;
        answered++;
      }
      await card.disconnect('unpower').catch(() => undefined);
      return answered;
    });
    const answered = await Promise.all(work);
    expect(answered.filter((count) => count === 50).length).toBe(15);
    expect(answered[5]).toBe(19);
    for (const card of cards) await card[Symbol.asyncDispose]();
  });
});
