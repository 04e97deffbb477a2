import { afterEach, expect, test } from 'vitest';
import { withOneCard } from '../../test/fake-binding.ts';
import { ReaderMonitor } from './reader-monitor.ts';

const NO_SERVICE = 0x8010001d;
const warnings: Error[] = [];
const note = (warning: Error) => void warnings.push(warning);

afterEach(() => {
  process.removeListener('warning', note);
});

test('a monitor that sees the service go and come often keeps nothing of it', async () => {
  process.on('warning', note);
  const binding = withOneCard();
  const monitor = new ReaderMonitor(binding);
  for (let round = 0; round < 20; round++) {
    expect((await monitor.start()).size).toBe(2);
    binding.lose(NO_SERVICE);
  }
  // Node warns, on the next turn, of the eleventh listener on one signal.
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
  await monitor.close();
  expect(binding.observations).toBe(0);
});
