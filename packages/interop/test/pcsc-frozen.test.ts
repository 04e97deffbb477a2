import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BindingName } from '@jpki/pcsc';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jpki, jpkiPath, jpkiRequirement } from '../src/jpki-command.ts';
import { soon } from '../src/no-hang.ts';
import { miniRequirement } from '../src/pcsc-mini-addon.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { type RunResult, run } from '../src/run.ts';
import { type ServedCard, serveCard } from '../src/served-card.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

/** The promise is 5 s without an answer; the rest is for a process to start and end. */
const BOUND = 9_000;

/** Milliseconds after which a process is killed: a watchdog. */
const WATCHDOG = 90_000;

const needed = requirements(pcscdRequirement(), pcscliteRequirement(), miniRequirement(), jpkiRequirement());

/** A service that was stopped with SIGSTOP keeps its socket, takes connections and answers nothing. */
describe('a frozen service', needed, () => {
  let served: ServedCard;
  let first: string;

  beforeAll(async () => {
    await run(join(repositoryFolder, 'node_modules/.bin/tsc'), [
      '-b',
      join(repositoryFolder, 'packages/cli'),
    ]);
    served = await serveCard();
    first = served.pcscd.slots[0]?.readerName ?? '';
  });
  afterAll(() => served?.[Symbol.asyncDispose]());
  afterEach(() => served.pcscd.freeze(false));

  describe('ends the command with a text', () => {
    beforeEach(() => served.pcscd.freeze(true));

    test.each([[['readers']], [['readers', '--watch']], [['status']], [['cert', 'auth']], [['doctor']]])(
      '%j',
      async (args) => {
        const options = { env: served.environment, timeout: WATCHDOG };
        const result = await soon('the command', jpki(args, options), BOUND);
        expect(`${result.stdout}${result.stderr}`).toMatch(
          /Restart the PC\/SC service|does not answer|hangs/i,
        );
        expect([3, 7]).toContain(result.exitCode);
      },
    );

    test('sign, which keeps the PIN to itself', async () => {
      const file = await served.save('text.txt', 'to be signed');
      const signing = jpki(['sign', '--output', `${file}.p7s`, '--pin-fd', '3', file], {
        env: served.environment,
        fds: { 3: 'ABC123\n' },
        timeout: WATCHDOG,
      });
      const result = await soon('the command', signing, BOUND);
      expect(result.stderr).toMatch(/Restart the PC\/SC service/);
      expect(result.exitCode).toBe(7);
    });
  });

  test('an interruption ends a watch that was running before', async () => {
    const watch = spawn(process.execPath, [jpkiPath, 'readers', '--watch'], {
      env: { ...process.env, ...served.environment, LANG: 'C.UTF-8' },
    });
    const ended = once(watch, 'exit');
    await once(watch.stdout, 'data');
    served.pcscd.freeze(true);
    watch.kill('SIGINT');
    expect(await soon('the watch', ended, BOUND)).toEqual([130, null]);
  });

  const ways = (['pcsclite', 'socket', 'pcsc-mini'] as const).map((name) => [name] as const);

  describe.each(ways)('through %s', (binding: BindingName) => {
    /** A program with `pcsc`, told by its `freeze` when the service shall be frozen; it tells what each step took. */
    const program = async (body: string): Promise<RunResult> => {
      const entry = pathToFileURL(join(repositoryFolder, 'packages/pcsc/dist/index.js')).href;
      const text = `
        import { readdirSync, readFileSync } from 'node:fs';
        import { openPcsc } from ${JSON.stringify(entry)};
        const name = ${JSON.stringify(first)};
        const SELECT = Uint8Array.of(0, 0xa4, 4, 0);
        const pid = ${served.pcscd.pid};
        const isStopped = (task) => readFileSync('/proc/' + pid + '/task/' + task + '/stat', 'latin1').includes(') T ');
        const freeze = () => {
          process.kill(pid, 'SIGSTOP');
          // One of its threads may be serving us still.
          while (!readdirSync('/proc/' + pid + '/task').every(isStopped));
        };
        const pcsc = await openPcsc({ binding: ${JSON.stringify(binding)} });
        // How long the loop did not turn although a timer was due: at most at a time, and altogether.
        const TURN = 20;
        let last = performance.now();
        let longest = 0;
        let late = 0;
        setInterval(() => {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          late += Math.max(0, now - last - TURN);
          last = now;
        }, TURN).unref();
        const timed = async (promise) => {
          const started = performance.now();
          longest = late = 0;
          last = started;
          const outcome = await promise.then(() => 'done', ({ code, remedy }) => code + ' ' + remedy);
          const took = performance.now() - started;
          // A machine with other work lets the loop stand still now and then; a call that blocks it does so throughout.
          const isFree = Math.max(longest, performance.now() - last) < Math.max(1000, took / 2);
          console.log(outcome, took - late < 5500 ? 'in time' : took, isFree ? 'free' : 'blocked');
          return took - late;
        };
        ${body}
        setTimeout(() => process.exit(), 200);`;
      return run(process.execPath, ['--input-type=module', '-e', text], {
        timeout: WATCHDOG,
        env: served.environment,
      });
    };
    const silent = 'ERR_PCSC_TIMEOUT restart-service in time free\n';
    const done = 'done in time free\n';

    test('a first question is answered with an error, and close ends', async () => {
      const result = await program('freeze(); await timed(pcsc.readers()); await timed(pcsc.close());');
      expect(result).toMatchObject({ stderr: '', stdout: silent + done });
    });

    test('a connection is refused, and close ends', async () => {
      const result = await program(`
        await pcsc.readers();
        freeze();
        await timed(pcsc.connect(name));
        await timed(pcsc.close());`);
      expect(result).toMatchObject({ stderr: '', stdout: silent + done });
    });

    test('a card that is connected is let go of', async () => {
      const result = await program(`
        const channel = await pcsc.connect(name);
        freeze();
        await timed(channel[Symbol.asyncDispose]());
        await timed(pcsc.close());`);
      expect(result).toMatchObject({ stderr: '', stdout: done + done });
    });

    test('a watch can be closed', async () => {
      const result = await program(`
        let told;
        const frozen = new Promise((resolve) => { told = resolve; });
        const watched = (async () => {
          for await (const event of pcsc.watch()) {
            freeze();
            told();
          }
        })();
        await frozen;
        await timed(pcsc.close());
        await timed(watched);`);
      expect(result).toMatchObject({ stderr: '', stdout: done + done });
    });

    test('a start under way can be closed', async () => {
      const result = await program(`
        freeze();
        const asked = timed(pcsc.readers());
        await timed(pcsc.close());
        await asked;`);
      expect(result.stderr).toBe('');
      expect(result.stdout.split('\n').sort()).toEqual(
        ['', 'ERR_PCSC_CLOSED none in time free', 'done in time free'].sort(),
      );
    });

    test('a card is let go of once the service answers again', async () => {
      const result = await program(`
        const channel = await pcsc.connect(name);
        freeze();
        await timed(channel[Symbol.asyncDispose]());
        process.kill(${served.pcscd.pid}, 'SIGCONT');
        await timed(pcsc.connect(name, { timeout: 8000 }).then((again) => again[Symbol.asyncDispose]()));
        await timed(pcsc.close());`);
      expect(result).toMatchObject({ stderr: '', stdout: done + done + done });
    });

    test('nobody waits long twice', async () => {
      const result = await program(`
        const channel = await pcsc.connect(name);
        await channel.transmit(SELECT);
        freeze();
        const first = await timed(channel.transmit(SELECT));
        const second = await timed(pcsc.connect(name));
        const third = await timed(pcsc.close());
        console.log(first + second + third < 8000);
        process.kill(process.pid, 'SIGKILL');`);
      expect(result).toMatchObject({ stderr: '', stdout: `${silent}${silent}${done}true\n` });
    });

    test('a command that is never answered is given up, and close ends', async () => {
      const result = await program(`
        const channel = await pcsc.connect(name);
        await channel.transmit(SELECT);
        freeze();
        await timed(channel.transmit(SELECT));
        await timed(pcsc.close());
        // A thread of the addon waits for the service still, and the process would wait for that.
        process.kill(process.pid, 'SIGKILL');`);
      expect(result).toMatchObject({ stderr: '', stdout: silent + done });
    });
  });
});
