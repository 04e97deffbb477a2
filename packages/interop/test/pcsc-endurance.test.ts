import type { BindingName } from '@jpki/pcsc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CardScene, cardScene } from '../src/card-scene.ts';
import { buildCardWorker, CardWorker } from '../src/card-worker-process.ts';
import type { Holdings } from '../src/card-worker-protocol.ts';
import type { Endured } from '../src/endurance.ts';
import { miniRequirement } from '../src/pcsc-mini-addon.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';

/** `JPKI_ENDURANCE=full` does all of it; without it a fifth of it or less, for every day. */
const isFull = process.env['JPKI_ENDURANCE'] === 'full';

/** How much is endured. */
const WORK = isFull
  ? { apdus: 20_000, connections: 2_000, unpower: 50 }
  : { apdus: 4_000, connections: 300, unpower: 10 };

/** Milliseconds: a watchdog, not a measure. */
const PATIENCE = isFull ? 900_000 : 120_000;

const MEBIBYTE = 1_048_576;

/**
 * Most growth of a process from when it was warm to the end. A leak of one connection's 64 KiB buffer a round would be 100 MiB
 * in the full run, one of a descriptor or thread a round hundreds of them.
 */
const MOST_GROWTH = {
  /**
   * Bytes. It rises by some 25 MiB over the first 4,000 connections, with the room V8 gives to young objects, and then no
   * more: 12,000 connections were tried on each binding.
   */
  rss: 32 * MEBIBYTE,
  /** Bytes. After the collector ran: compiled code and caches, nothing that grows with the work. */
  heapUsed: 2 * MEBIBYTE,
  /** Bytes outside the heap: buffers of answers. */
  external: MEBIBYTE,
  /** An observation or a connection that is being closed or opened at the moment. */
  descriptors: 2,
  /** The pool's threads start when they are first needed. */
  threads: 4,
  resources: 2,
} as const satisfies Record<keyof Holdings, number>;

const BINDINGS: readonly BindingName[] = ['socket', 'pcsclite', 'pcsc-mini'];
const needed = requirements(pcscdRequirement(), pcscliteRequirement(), miniRequirement());

describe('a process that works for long', needed, () => {
  let scene: CardScene;

  beforeAll(async () => {
    await buildCardWorker();
    scene = await cardScene(2);
  });
  afterAll(() => scene?.[Symbol.asyncDispose]());

  const isFlat = ({ warm, end }: Endured, what: string) => {
    if (isFull) console.info(what, JSON.stringify({ warm, end }));
    for (const [name, most] of Object.entries(MOST_GROWTH) as [keyof Holdings, number][])
      expect(end[name] - warm[name], `${what}: growth of ${name}, from ${warm[name]}`).toBeLessThanOrEqual(
        most,
      );
  };

  test.each(BINDINGS)(
    'sends APDUs, connects and disconnects through %s without growing',
    async (binding) => {
      const { readerName } = scene.card(0);
      const worker = await CardWorker.start(binding, scene.pcscd.environment);
      await worker.do({ job: 'connect', reader: readerName });
      const sent = await worker.do({ job: 'endure-apdus', count: WORK.apdus }, PATIENCE);
      isFlat(sent as Endured, `${binding}, ${WORK.apdus} APDUs`);
      await worker.do({ job: 'disconnect' });
      const { connections: count, unpower } = WORK;
      const connected = await worker.do(
        { job: 'endure-connections', reader: readerName, count, unpower },
        PATIENCE,
      );
      isFlat(connected as Endured, `${binding}, ${count} connections`);
      expect(await worker.end()).toEqual({ exitCode: 0, stderr: '' });
    },
    2 * PATIENCE,
  );
});
