import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';
import { Terminal } from './terminal.ts';

const bench = new Bench();
const ASK = fileURLToPath(new URL('./ask-secret.mjs', import.meta.url));

/** Runs the prompt in a terminal; the shell around it tells the terminal's name first, then how it all ended. */
function ask(name: string): Terminal {
  const script = `tty; '${process.execPath}' '${ASK}' '${bench.path(name)}' & pid=$!; echo "pid=$pid"; wait $pid; echo "exit=$?"; stty -a`;
  // In a shell without job control a background process is not stopped when it reads the terminal.
  return new Terminal(`sh -c '${script.replaceAll("'", `'\\''`)}'`, bench.folder);
}

const hex = (text: string) => Buffer.from(text).toString('hex');

describe.concurrent('the prompt', () => {
  it('takes what is typed and shows none of it; echo is off while it asks and on afterwards', async () => {
    const terminal = ask('plain');
    await terminal.shows('PIN: ');
    expect(terminal.settings()).toContain('-echo ');
    terminal.type('ABC123\r');
    const screen = await terminal.ended();
    expect(readFileSync(bench.path('plain'), 'utf8')).toBe(hex('ABC123'));
    expect(screen).not.toContain('ABC123');
    expect(screen).toContain('exit=0');
    expect(screen).toMatch(/[^-]echo /);
  });

  it.each([
    ['backspace', 'ABX\x7fC\r', 'ABC'],
    ['backspace over a character of three bytes', 'A１\x7fB\r', 'AB'],
    ['backspace at the start', '\x7f\x7f12\r', '12'],
    ['Ctrl-U', 'WRONG\x15RIGHT\r', 'RIGHT'],
    ['keys after Enter', '1234\r5678', '1234'],
    ['nothing', '\r', ''],
  ])('understands %s', async (name, keys, typed) => {
    const file = name.replaceAll(' ', '-');
    const terminal = ask(file);
    await terminal.shows('PIN: ');
    terminal.type(keys);
    await terminal.ended();
    expect(readFileSync(bench.path(file), 'utf8')).toBe(hex(typed));
  });

  it.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('ends with 130 on %s, echo restored', async (name, key) => {
    const terminal = ask(name);
    await terminal.shows('PIN: ');
    terminal.type(`12${key}`);
    const screen = await terminal.ended();
    expect(screen).toContain('exit=130');
    expect(screen).toMatch(/[^-]echo /);
    expect(existsSync(bench.path(name))).toBe(false);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends with 130 on %s, echo restored', async (signal) => {
    const terminal = ask(signal);
    await terminal.shows('pid=');
    await terminal.shows('PIN: ');
    process.kill(Number(/pid=(\d+)/.exec(terminal.screen)?.[1]), signal);
    const screen = await terminal.ended();
    expect(screen).toContain('exit=130');
    expect(screen).toMatch(/[^-]echo /);
  });
});
