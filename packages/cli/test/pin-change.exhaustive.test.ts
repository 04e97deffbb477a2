import { existsSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bench, BIN } from './jpki.ts';
import { Terminal } from './terminal.ts';

const bench = new Bench();

beforeAll(async () => {
  writeFileSync(bench.path('report.txt'), 'a report');
  await bench.run(['--card', 'sim:', 'status']);
});

interface Change {
  readonly which: string;
  /** The PIN as it is; the public one of the persona when absent. */
  readonly pin?: string;
  readonly next: string;
  readonly state: string;
  readonly args?: readonly string[];
}

function change({ which, pin, next, state, args = [] }: Change) {
  const current = pin === undefined ? [] : ['--pin-fd', '3'];
  const card = ['--card', `sim:adult@${state}`];
  return bench.run([...card, 'pin', 'change', which, ...current, '--new-pin-fd', '4', ...args], {
    ...(pin !== undefined && { pin }),
    second: next,
  });
}

async function pins(state: string): Promise<unknown> {
  const { json } = await bench.run(['--card', `sim:adult@${state}`, 'pin', 'status', '--json']);
  return json['pins'];
}

describe.concurrent('jpki pin change', () => {
  it.each([
    ['sign', 'ABC123', 'NEW456', ['sign', 'report.txt', '--force']],
    ['auth', '1234', '8642', ['sign', 'report.txt', '--force', '--key', 'auth']],
    ['text', '2345', '8642', ['attributes', '--trust', 'simulator']],
  ])('%s: the new PIN serves and the old one does not', async (which, old, next, use) => {
    const state = `${which}.state`;
    const { code, stdout, stderr } = await change({ which, pin: old, next: `${next}\n`, state });
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('Changed');
    const card = ['--card', `sim:adult@${state}`, ...use, '--pin-fd', '3'];
    expect((await bench.run(card, { pin: next })).code).toBe(0);
    expect((await bench.run(card, { pin: old })).code).toBe(4);
  });

  it('resident: in both applications that keep it', async () => {
    const state = 'resident.state';
    expect((await change({ which: 'resident', next: '8642', state })).code).toBe(0);
    const back = { which: 'resident', pin: '8642', next: '3456', state, args: ['--json'] };
    const { code, json } = await change(back);
    expect(code).toBe(0);
    expect(json).toEqual({ pin: 'resident', changed: true });
    expect(await pins(state)).toMatchObject({ resident: { triesLeft: 3 } });
  });

  it('takes small letters for capitals, and the person hears of it', async () => {
    const { code, stderr } = await change({ which: 'sign', next: 'new456', state: 'small.state' });
    expect(code).toBe(0);
    expect(stderr).toContain('upper case');
    const again = await change({ which: 'sign', pin: 'NEW456', next: 'ABC123', state: 'small.state' });
    expect(again.code).toBe(0);
  });

  it.each([
    ['too short', 'sign', 'AB1'],
    ['only letters', 'sign', 'ABCDEF'],
    ['only digits', 'sign', '123456'],
    ['full-width', 'sign', 'ＡＢＣ１２３'],
    ['five digits', 'auth', '12345'],
    ['letters', 'text', 'abcd'],
    ['nothing', 'resident', ''],
  ])('refuses a new PIN that cannot be one (%s, %s) with nothing sent: 2', async (what, which, next) => {
    const state = `bad-${what.replaceAll(' ', '-')}.state`;
    const { code, json } = await bench.call(
      ['--card', `sim:adult@${state}`, 'pin', 'change', which, '--new-pin-fd', '4', '--json'],
      { second: next },
    );
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: 'ERR_PIN_FORMAT' } });
    expect(existsSync(bench.path(state))).toBe(false);
  });

  it('with a wrong old PIN costs one try and changes nothing: 4', async () => {
    const state = 'wrong.state';
    const run = await change({ which: 'text', pin: '9999', next: '8642', state, args: ['--json'] });
    expect(run.code).toBe(4);
    expect(run.json).toMatchObject({ error: { code: 'ERR_PIN_INCORRECT', triesLeft: 2 } });
    expect(`${run.stdout}${run.stderr}`).not.toMatch(/9999|8642/);
    expect(await pins(state)).toMatchObject({ text: { triesLeft: 2 }, resident: { triesLeft: 3 } });
    expect((await change({ which: 'text', pin: '2345', next: '8642', state })).code).toBe(0);
  });

  it('of a blocked PIN ends with 5', async () => {
    const args = ['--card', 'sim:blocked', 'pin', 'change', 'resident', '--new-pin-fd', '4'];
    expect((await bench.run(args, { second: '8642' })).code).toBe(5);
  });

  it('never spends the last try without consent: 8', async () => {
    const state = 'last.state';
    for (const pin of ['9990', '9991']) await change({ which: 'auth', pin, next: '8642', state });
    expect((await change({ which: 'auth', pin: '1234', next: '8642', state })).code).toBe(8);
    const args = ['--allow-last-try', '1'];
    expect((await change({ which: 'auth', pin: '1234', next: '8642', state, args })).code).toBe(0);
  });

  it('asks nobody under --no-input, and takes no two PINs from one descriptor: 2', async () => {
    const base = ['--card', 'sim:', 'pin', 'change', 'auth'];
    expect((await bench.run([...base, '--no-input'])).code).toBe(2);
    expect((await bench.run([...base, '--pin-fd', '3', '--new-pin-fd', '3'])).code).toBe(2);
    expect((await bench.run([...base, '--new-pin-fd', '1'])).code).toBe(2);
  });

  it('asks the new PIN twice on a terminal, again when the two differ, and shows neither', async () => {
    const command = `'${process.execPath}' '${BIN}' --card sim:adult@typed.state pin change auth; echo "exit=$?"`;
    const env = { LANG: 'C.UTF-8', JPKI_SIM_PKI: bench.pki, SHELL: '/bin/sh', TERM: 'xterm' };
    const terminal = new Terminal(command, bench.folder, env);
    await terminal.shows('4 digits: ');
    terminal.type('8642\r');
    await terminal.shows('Once more: ');
    terminal.type('8643\r');
    await terminal.shows('4 digits: ', 2);
    terminal.type('7531\r');
    await terminal.shows('Once more: ', 2);
    terminal.type('7531\r');
    const screen = await terminal.ended();
    expect(screen).toContain('exit=0');
    expect(screen).not.toMatch(/8642|8643|7531/);
    const use = ['--card', 'sim:adult@typed.state', 'sign', 'report.txt', '--force', '--key', 'auth'];
    expect((await bench.run([...use, '--pin-fd', '3'], { pin: '7531' })).code).toBe(0);
  });
});
