import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Holdings } from './card-worker-protocol.ts';

/** Milliseconds for what was let go to be gone: threads of an addon end in their own time. */
const SETTLING = 200;

/** What this process holds, after the garbage collector ran (`--expose-gc`). */
export async function holdings(): Promise<Holdings> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await delay(SETTLING / 3);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    rss,
    heapUsed,
    external,
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    resources: process.getActiveResourcesInfo().length,
  };
}
