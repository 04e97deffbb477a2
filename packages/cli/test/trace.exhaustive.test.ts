import { readFileSync, writeFileSync } from 'node:fs';
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

describe('the commands that prove something, and sign', () => {
  it.each([
    ['cert', '1234', ['auth-ca', '--verify', '--trust', 'simulator']],
    ['my-number', '2345', ['--show', '--trust', 'simulator', '--json']],
  ])('%s replays with the same outcome', async (command, pin, options) => {
    const trace = `${command}-proven.apdu`;
    const args = [command, ...options, '--pin-fd', '3'];
    const recorded = await bench.call(['--card', 'sim:', '--trace', trace, ...args], { pin });
    const replayed = await bench.call(['--card', `trace:${trace}`, ...args], { pin });
    expect(recorded.code).toBe(0);
    expect(outcomeOf(replayed)).toEqual(outcomeOf(recorded));
  });

  it.each([
    ['auth', '1234', 'cades', '--detached'],
    ['auth', '1234', 'raw', '--force'],
    ['sign', 'ABC123', 'cades', '--force'],
  ])('sign --key %s replays with the same signature, byte by byte (%s, %s %s)', async (...words) => {
    const [key, pin, format, option] = words;
    const trace = words.join('');
    writeFileSync(bench.path('report.txt'), 'a report, 報告書\n');
    const args = (output: string) => [
      ...['sign', 'report.txt', '--key', key, '--format', format, option, '--pin-fd', '3'],
      ...['-o', output],
    ];
    const recorded = await bench.call(['--card', 'sim:', '--trace', trace, ...args(`${trace}.1`)], { pin });
    const replayed = await bench.call(['--card', `trace:${trace}`, ...args(`${trace}.2`)], { pin });
    expect([recorded.code, replayed.code]).toEqual([0, 0]);
    expect(readFileSync(bench.path(`${trace}.2`)).equals(readFileSync(bench.path(`${trace}.1`)))).toBe(true);
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
