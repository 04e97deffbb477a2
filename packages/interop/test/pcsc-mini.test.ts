import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeResponse } from '@jpki/iso7816';
import { type BindingCard, miniBinding, type ObservedReader, type PcscBinding } from '@jpki/pcsc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { miniRequirement } from '../src/pcsc-mini-addon.ts';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { type RunOptions, run } from '../src/run.ts';
import { eventually, ScriptedCard } from '../src/scripted-card.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

/** vpcd's frame is at most 65,535 bytes: this much data and the status word. */
const LONGEST_DATA = 65_533;

/** The tag of the ATR without its class: vpcd answers to no other. */
const ATR_TAG = 0x0303;
const NO_SUCH_ATTRIBUTE = 0x00077777;
const GET_FEATURES = 0x42000000 + 3400;

/** GET DATA gives as many bytes as P1-P2 say; INS EE answers when it is let go. */
const GET_DATA = (length: number) => Uint8Array.of(0x00, 0xca, length >> 8, length & 0xff, 0x00);
const SLOW = Uint8Array.of(0x00, 0xee, 0x00, 0x00);

const needed = requirements(pcscdRequirement(), miniRequirement());

/** What only this binding has or lacks; what all of them must do is in the contract suite. */
describe('the pcsc-mini binding on a real pcscd', needed, () => {
  let pcscd: PrivatePcscd;
  let scripted: ScriptedCard;
  let binding: PcscBinding;
  let first: string;
  let release: () => void = () => undefined;

  beforeAll(async () => {
    pcscd = await startPrivatePcscd({ slots: 6 });
    // The client library reads it once per process, at its first call.
    Object.assign(process.env, pcscd.environment);
    first = pcscd.slots[0]?.readerName ?? '';
    binding = miniBinding();
    scripted = new ScriptedCard(pcscd.slots[0]?.port ?? 0, async ([, ins, p1 = 0, p2 = 0]) => {
      if (ins === 0xee) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      if (ins !== 0xca) return encodeResponse(0x9000);
      const data = Uint8Array.from({ length: (p1 << 8) | p2 }, (_, index) => index % 251);
      return encodeResponse(0x9000, data);
    });
    await scripted.insert();
    await eventually(async () => (await readersNow()).some(({ cardPresent }) => cardPresent));
  });
  afterAll(async () => {
    await scripted?.[Symbol.asyncDispose]();
    await pcscd?.[Symbol.asyncDispose]();
  });

  /** The first report of a new observation. */
  const readersNow = async (): Promise<readonly ObservedReader[]> => {
    const { promise, resolve, reject } = deferred<readonly ObservedReader[]>();
    const observation = binding.observe({ update: resolve, lost: reject });
    try {
      return await promise;
    } finally {
      await observation.close();
    }
  };

  const withCard = async (
    use: (card: BindingCard) => Promise<void>,
    share: 'exclusive' | 'shared' | 'direct' = 'exclusive',
  ) => {
    const card = await binding.connect(first, share);
    try {
      await use(card);
    } finally {
      await card.disconnect('leave');
    }
  };

  test('sees four readers of six, and says so', async () => {
    const readers = await readersNow();
    const names = pcscd.slots.map(({ readerName }) => readerName);
    expect(readers.map(({ name }) => name)).toEqual(names.slice(0, 4));
    expect(binding.capabilities.maxReaders).toBe(4);
    expect(readers[0]).toEqual({
      name: first,
      cardPresent: true,
      unresponsive: false,
      atr: scripted.atr,
      changes: expect.any(Number),
    });
    expect(readers[1]).toMatchObject({ cardPresent: false, unresponsive: false });
  });

  test('connects beyond those four when told the name', async () => {
    await expect(binding.connect(pcscd.slots[5]?.readerName ?? '', 'shared')).rejects.toMatchObject({
      scardCode: 0x8010000c,
    });
    await expect(binding.connect('no such reader', 'shared')).rejects.toMatchObject({
      scardCode: 0x80100009,
    });
    await expect(binding.connect(`${first}\0`, 'shared')).rejects.toMatchObject({ scardCode: 0x80100009 });
  });

  test('counts a removal and an insertion of a card', async () => {
    const reports: (readonly ObservedReader[])[] = [];
    const observation = binding.observe({
      update: (readers) => reports.push(readers),
      lost: (error) => expect.unreachable(String(error)),
    });
    const last = () => reports.at(-1)?.find(({ name }) => name === first);
    await eventually(() => last() !== undefined);
    const before = last()?.changes ?? Number.NaN;
    scripted.remove();
    await eventually(() => last()?.cardPresent === false);
    expect(last()).toEqual({ name: first, cardPresent: false, unresponsive: false, changes: before + 1 });
    await scripted.insert();
    await eventually(() => last()?.cardPresent === true);
    expect(last()?.changes).toBe(before + 2);
    await observation.close();
  });

  test('takes the longest response there is, again and again in the same buffer', async () => {
    await withCard(async (card) => {
      for (const length of [LONGEST_DATA, 3, 0, 262, 263, LONGEST_DATA]) {
        const response = await card.transmit(GET_DATA(length));
        expect(response).toHaveLength(length + 2);
        expect(response.at(-3)).toBe(length === 0 ? undefined : (length - 1) % 251);
      }
    });
  });

  test('refuses a second call, and disconnects after the first', async () => {
    const card = await binding.connect(first, 'exclusive');
    const slow = card.transmit(SLOW);
    await eventually(() => scripted.commands.at(-1)?.[1] === 0xee);
    await expect(card.transmit(GET_DATA(1))).rejects.toMatchObject({
      scardCode: 0x80100001,
      cause: expect.stringContaining('not returned'),
    });
    const disconnected = card.disconnect('leave');
    release();
    expect(await slow).toEqual(Uint8Array.of(0x90, 0x00));
    await disconnected;
    await expect(card.transmit(GET_DATA(1))).rejects.toMatchObject({ scardCode: 0x80100003 });
  });

  test('keeps others out by a transaction, and knows a reset', async () => {
    const [ours, theirs] = [GET_DATA(1), GET_DATA(2)];
    await withCard(async (card) => {
      await withCard(async (other) => {
        await card.begin?.();
        scripted.commands.length = 0;
        // The client library waits for the end of the transaction.
        const waiting = other.transmit(theirs);
        await card.transmit(ours);
        await card.end?.('leave');
        expect(await waiting).toHaveLength(4);
        expect(scripted.commands).toEqual([ours, theirs]);

        await card.begin?.();
        await card.end?.('reset');
        await expect(other.transmit(theirs)).rejects.toMatchObject({ scardCode: 0x80100068 });
        await other.reconnect?.('shared', 'leave');
        expect(await other.transmit(theirs)).toHaveLength(4);
        await expect(other.reconnect?.('shared', 'leave', 'T=0')).rejects.toMatchObject({
          scardCode: 0x8010000f,
        });
      }, 'shared');
    }, 'shared');
  });

  test('reads attributes, and controls a reader without a card', async () => {
    await withCard(async (card) => {
      expect(card.protocol).toBe('T=1');
      expect(await card.attribute?.(ATR_TAG)).toEqual(scripted.atr);
      await expect(card.attribute?.(NO_SUCH_ATTRIBUTE)).rejects.toMatchObject({ scardCode: 0x8010001f });
    });
    const reader = await binding.connect(pcscd.slots[1]?.readerName ?? '', 'direct');
    expect(reader.protocol).toBeUndefined();
    // vpcd has no control.
    await expect(reader.control?.(GET_FEATURES, new Uint8Array())).rejects.toMatchObject({
      scardCode: expect.any(Number),
      message: expect.stringContaining('SCardControl'),
    });
    await reader.disconnect('leave');
  });

  test('keeps no buffer of a connection that ended', async () => {
    await withCard(async (card) => void (await card.transmit(GET_DATA(3))));
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 60; round++) {
      await withCard(async (card) => void (await card.transmit(GET_DATA(3))));
    }
    // Sixty buffers would be four million bytes.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  describe('in a process of its own', () => {
    const program = (body: string, options: RunOptions = {}) => {
      const entry = pathToFileURL(join(repositoryFolder, 'packages/pcsc/dist/index.js')).href;
      const setup = `
        const { miniBinding, openPcsc } = await import(${JSON.stringify(entry)});
        const first = ${JSON.stringify(first)};
        const told = ({ name, code }) => console.log(JSON.stringify({ name, code }));
        const use = async () => {
          const pcsc = await openPcsc({ binding: miniBinding() });
          const channel = await pcsc.connect(first);
          const response = await channel.transmit(Uint8Array.of(0, 0xca, 0, 5, 0));
          await pcsc.close();
          return response.length;
        };`;
      const env = { ...pcscd.environment, ...options.env };
      return run(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `const setup = ${JSON.stringify(setup)};${body.includes('Worker') ? '' : setup}${body}`,
        ],
        {
          timeout: 60_000,
          env,
        },
      );
    };

    beforeAll(async () => {
      const packageFolder = join(repositoryFolder, 'packages/pcsc');
      const build = await run(join(repositoryFolder, 'node_modules/.bin/tsc'), ['-b', packageFolder]);
      expect(build.stdout).toBe('');
    });

    test('ends by itself when the work is done', async () => {
      const result = await program('console.log(await use());');
      expect(result).toMatchObject({ stdout: '7\n', stderr: '', exitCode: 0 });
    });

    test('works in two worker threads at a time', async () => {
      const result = await program(`
        const { Worker } = await import('node:worker_threads');
        const code = '(async () => {' + setup + ';const pcsc = await openPcsc({ binding: miniBinding() });' +
          'console.log((await pcsc.readers()).length); await pcsc.close(); })()';
        for (const _ of [1, 2]) new Worker(code, { eval: true });`);
      expect(result).toMatchObject({ stdout: '4\n4\n', stderr: '', exitCode: 0 });
    });

    test('is told when there is no service, and ends', async () => {
      const result = await program('await use().catch(told);', {
        env: { PCSCLITE_CSOCK_NAME: '/nonexistent/pcscd.comm' },
      });
      expect(result).toMatchObject({
        stdout: `${JSON.stringify({ name: 'PcscError', code: 'ERR_PCSC_NO_SERVICE' })}\n`,
        stderr: '',
        exitCode: 0,
      });
    });

    test('ends well after the service has stopped', async () => {
      await using stopped = await startPrivatePcscd();
      const result = await program(
        `const lost = await new Promise((resolve, reject) => {
          const observation = miniBinding().observe({
            update: () => process.kill(${stopped.pid}),
            lost: (error) => observation.close().then(() => resolve(error), reject),
          });
        });
        console.log(lost.name);`,
        { env: stopped.environment },
      );
      expect(result).toMatchObject({ stdout: 'ScardFailure\n', stderr: '', exitCode: 0 });
    });

    test('hears soon that there is no reader', async () => {
      await using empty = await startPrivatePcscd({ slots: 0 });
      const result = await program(
        `const pcsc = await openPcsc({ binding: miniBinding() });
        console.log(JSON.stringify(await pcsc.readers({ timeout: 5_000 })));
        await pcsc.close();`,
        { env: empty.environment },
      );
      expect(result).toMatchObject({ stdout: '[]\n', stderr: '', exitCode: 0 });
    });
  });

  test('tells an observer that the service was stopped, and is there again after its start', async () => {
    const { promise: begun, resolve: begin } = deferred<void>();
    const { promise: lost, resolve: lose } = deferred<unknown>();
    const observation = binding.observe({ update: () => begin(), lost: lose });
    await begun;
    await pcscd.stop();
    expect(await lost).toMatchObject({ name: 'ScardFailure' });
    await observation.close();
    await expect(readersNow()).rejects.toMatchObject({ scardCode: 0x8010001d });
    await pcscd.start();
    expect(await readersNow()).toHaveLength(4);
  });
});

function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
