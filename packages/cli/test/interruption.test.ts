import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';

const bench = new Bench();

/** A file with holes for 8 GB: hashing it takes seconds on any machine, and it takes no room. */
const HUGE = 8 * 1024 ** 3;

beforeAll(() => {
  writeFileSync(bench.path('huge'), '');
  truncateSync(bench.path('huge'), HUGE);
});

const temporaries = () => readdirSync(bench.folder).filter((name) => name.startsWith('.huge'));

/** Signs the huge file and sends a signal as soon as the work on it has begun. */
function interrupted(signal: NodeJS.Signals) {
  for (const left of temporaries()) rmSync(bench.path(left));
  return bench.run(['--card', 'sim:', 'sign', 'huge', '--json'], {
    meanwhile: async (child) => {
      while (temporaries().length === 0) await pause(5);
      child.kill(signal);
    },
  });
}

describe('an interrupted command', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends with 130 on %s and leaves nothing',
    async (signal) => {
      const { code, json } = await interrupted(signal);
      expect(code).toBe(130);
      expect(json).toMatchObject({ error: { code: 'ERR_INTERRUPTED' } });
      expect(existsSync(bench.path('huge.p7m'))).toBe(false);
      expect(temporaries()).toEqual([]);
    },
  );

  it('leaves no half of an output even when it is killed', async () => {
    const { code } = await interrupted('SIGKILL');
    expect(code).toBeNull();
    expect(existsSync(bench.path('huge.p7m'))).toBe(false);
  });

  it('ends with 7 when --timeout is over', async () => {
    const { code, json } = await bench.run(['--card', 'sim:', 'sign', 'huge', '--json', '--timeout', '0.2']);
    expect(code).toBe(7);
    expect(json).toMatchObject({ error: { code: 'ERR_TIMEOUT' } });
  });
});
