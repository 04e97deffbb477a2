import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Documents whose commands a reader is to type from top to bottom. */
const DOCUMENTS = [
  'README.md',
  'docs/ja/README.md',
  'docs/ja/traces.md',
  'docs/login.md',
  'docs/tour.md',
  'docs/traces.md',
  'packages/cli/README.md',
];

/** Those that are followed in a fresh clone, where nothing lies ready. */
const BEGINNERS: ReadonlySet<string> = new Set(['README.md', 'docs/ja/README.md', 'docs/login.md']);

/** Commands that cannot run here, and why. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm (start|test)\b/, 'the interop tests run the first, and are the second'],
  [/^alias /, 'the name is on the PATH of the test'],
  [/^npx tsc /, 'the examples are built before the tests run'],
  [/--watch\b/, 'runs until somebody ends it'],
  [/^jpki apdu$/, 'asks at a terminal'],
];

/** Answers that are none of success and yet right: `indeterminate`, and traces that differ. */
const OTHER_ANSWERS: readonly (readonly [RegExp, number])[] = [
  [/^jpki verify /, 6],
  [/ trace replay /, 1],
];

const isRight = (command: string, code: number | null) =>
  code === 0 || OTHER_ANSWERS.some(([pattern, answer]) => answer === code && pattern.test(command));

/** The line with the virtual card where the card in the reader is meant. */
const withoutReader = (line: string) =>
  line
    .replace('--card pcsc:', '--card sim:')
    .replace(/^jpki (?=(--trace|status|sign|cert|doctor|readers|apdu) ?)(?!.*--card)/, 'jpki --card sim: ');

/** Lines of a document's blocks of commands, without prompts and remarks. */
function commandsOf(document: string): string[] {
  const blocks = [...document.matchAll(/^```(?:sh|console)\n(.*?)^```/gms)].map(([, text = '']) => text);
  return blocks
    .flatMap((text) => text.split('\n'))
    .map((line) => line.replace(/^\$ /, '').replace(/\s+#\s.*$/, ''))
    .filter((line) => line !== '');
}

/** Of the keys of the virtual cards: making them takes longer than all commands together. */
let keys: string;
beforeAll(async () => {
  keys = await mkdtemp(join(tmpdir(), 'jpki-docs-keys-'));
});
afterAll(() => rm(keys, { recursive: true }));

describe.each(DOCUMENTS)('the commands in %s', (path) => {
  let folder: string;
  let commands: string[];

  beforeAll(async () => {
    commands = commandsOf(await readFile(join(repository, path), 'utf8'));
    folder = await mkdtemp(join(tmpdir(), 'jpki-docs-'));
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/jpki'), SHIM);
    await chmod(join(folder, 'bin/jpki'), 0o755);
    // A beginner's documents make their own files; the others speak of a report as of any.
    if (!BEGINNERS.has(path))
      await copyFile(join(repository, 'docs/examples/report.txt'), join(folder, 'report.txt'));
    for (const name of ['docs', 'packages']) await symlink(join(repository, name), join(folder, name));
    await writeFile(join(folder, 'script.apdu'), 'select jpki => 9000 # the JPKI application\n');
    for (const name of ['a.apdu', 'b.apdu'])
      await copyFile(join(repository, 'apdu-traces/golden/overview.apdu'), join(folder, name));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are there', () => {
    expect(commands.length).toBeGreaterThan(0);
  });

  test('work as they are printed, one after the other, with a virtual card where a reader is meant', async () => {
    for (const command of commands) {
      if (NOT_RUN.some(([pattern]) => pattern.test(command))) continue;
      const { code, output } = await typed(withoutReader(command), folder);
      expect(isRight(command, code), `${command}\n${code}: ${output}`).toBe(true);
    }
  });
});

test('every command that is not run is printed somewhere', async () => {
  const all = await Promise.all(DOCUMENTS.map((path) => readFile(join(repository, path), 'utf8')));
  const commands = all.flatMap(commandsOf);
  for (const [pattern, reason] of NOT_RUN)
    expect(
      commands.some((command) => pattern.test(command)),
      reason,
    ).toBe(true);
});

/** The command as it is built. */
const SHIM = `#!/bin/sh
exec node ${JSON.stringify(join(repository, 'packages/cli/dist/bin.cjs'))} "$@"
`;

/** Types a line at a shell that has `jpki`. */
function typed(command: string, folder: string): Promise<{ code: number | null; output: string }> {
  const env = {
    ...process.env,
    PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
    JPKI_SIM_PKI: keys,
  };
  const shell = spawn('sh', ['-c', command], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let output = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (text) => (output += text));
    shell.on('error', reject);
    shell.on('close', (code) => resolve({ code, output }));
  });
}
