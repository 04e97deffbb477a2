import { readFileSync } from 'node:fs';
import { personas } from '@jpki/simulator';
import { describe, expect, it } from 'vitest';
import { Bench, type Run } from './jpki.ts';

const bench = new Bench();

/** What a command gave, but for the line about the trace. */
function outcomeOf({ code, stdout, stderr }: Run): unknown {
  const said = stderr.split('\n').filter((line) => !line.startsWith('Trace: '));
  return { code, stdout, said };
}

describe('the commands that show a picture', () => {
  it.each([
    ['face', 'photo.png'],
    ['card-face', 'front.html'],
  ])('%s replays into the same file', async (command, output) => {
    const args = [command, '-o', output, '--force', '--trust', 'simulator', '--pin-fd', '3'];
    const trace = `${command}.apdu`;
    const recorded = await bench.call(['--card', 'sim:', '--trace', trace, ...args], { pin: '2345' });
    const first = readFileSync(bench.path(output));
    const replayed = await bench.call(['--card', `trace:${trace}`, ...args], { pin: '2345' });
    expect([recorded.code, replayed.code]).toEqual([0, 0]);
    expect(readFileSync(bench.path(output)).equals(first)).toBe(true);
  });
});

/** Commands of which each persona's card makes something of its own: an answer, a refusal, a wrong kind of card. */
const COMMANDS = [
  { args: ['status', '--json'] },
  { args: ['pin', 'status', '--json'] },
  // A phone wants the PIN for it.
  { args: ['cert', 'auth', '--format', 'pem', '--pin-fd', '3'], pin: '1234' },
  { args: ['cert', 'sign', '--format', 'pem', '--pin-fd', '3'], pin: 'ABC123' },
  { args: ['attributes', '--json', '--pin-fd', '3'], pin: '0000' },
] as const;

describe.each(personas.map(({ name }) => name))('what is recorded of the card %s', (persona) => {
  it.each(COMMANDS)('replays with the same outcome: $args', async ({ args, ...secrets }) => {
    const trace = `${persona}-${args[0]}-${args[1]}.apdu`;
    const recorded = await bench.call(
      ['--card', `sim:${persona}`, '--trace', trace, '--force', ...args],
      secrets,
    );
    const replayed = await bench.call(['--card', `trace:${trace}`, ...args], secrets);
    expect(outcomeOf(replayed)).toEqual(outcomeOf(recorded));
  });
});
