import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { toHex } from '@jpki/iso7816';
import {
  openSimulatorPki,
  openVirtualCard,
  type SimulatorPki,
  type VirtualCardOptions,
} from '@jpki/simulator';
import { serveVpcd } from '@jpki/simulator/vpcd';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';

const needs = requirements(pcscdRequirement(), commandRequirement('opensc-tool', 'opensc'));

describe('the virtual card in the virtual reader of a real PC/SC service', needs, () => {
  let folder: string;
  let pki: SimulatorPki;
  let pcscd: PrivatePcscd;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-vpcd-'));
    pki = await openSimulatorPki({ folder });
    pcscd = await startPrivatePcscd();
  });

  afterAll(async () => {
    await pcscd?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** Serves a card while `work` runs; `taken` waits for the n-th time that the reader took it. */
  const withServed = async (
    options: Omit<VirtualCardOptions, 'pki'>,
    work: (card: { atr: Uint8Array; taken: (times: number) => Promise<void> }) => Promise<void>,
  ) => {
    const card = await openVirtualCard({ ...options, pki });
    const stop = new AbortController();
    let count = 0;
    let notify = () => {};
    const onConnected = () => {
      count += 1;
      notify();
    };
    const served = serveVpcd(card, { port: pcscd.slots[0]?.port ?? 0, signal: stop.signal, onConnected });
    const taken = async (times: number) => {
      while (count < times)
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
    };
    try {
      await taken(1);
      await work({ atr: card.atr, taken });
    } finally {
      stop.abort();
      await served;
      await emptied();
    }
  };

  /** A card that follows another before the service has seen that one leave would be taken for it. */
  const emptied = async () => {
    const looked = () => run('opensc-tool', ['--reader', '0', '--atr'], { env: pcscd.environment });
    while ((await looked()).exitCode === 0) await delay(50);
  };

  /** The reader asks the card before the service tells of it: asked again until it does. */
  const opensc = async (question: string, attempts = 500): Promise<string> => {
    const { exitCode, stdout, stderr } = await run('opensc-tool', ['--reader', '0', question], {
      env: pcscd.environment,
    });
    if (exitCode === 0 || attempts === 1) return stdout + stderr;
    await delay(50);
    return opensc(question, attempts - 1);
  };

  test('is known to OpenSC, also when it answers 6F00 to the first command after power-up', async () => {
    for (const firstCommandFails of [false, true]) {
      await withServed({ firstCommandFails }, async () => {
        expect(await opensc('--name')).toBe('jpki\n');
      });
    }
  });

  test.each(['adult', 'phone-android', 'juki'] as const)(
    'brings its answer to reset: %s',
    async (persona) => {
      await withServed({ persona }, async ({ atr }) => {
        expect((await opensc('--atr')).replaceAll(':', '').toUpperCase()).toContain(toHex(atr));
      });
    },
  );

  test('is in the reader again after the service was restarted', async () => {
    await withServed({}, async ({ taken }) => {
      await pcscd.restart();
      await taken(2);
      expect(await opensc('--name')).toBe('jpki\n');
    });
  });
});
