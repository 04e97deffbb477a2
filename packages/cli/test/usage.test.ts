import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bench, BIN } from './jpki.ts';

const bench = new Bench();

describe.concurrent('--version and --help', () => {
  it('are answered without loading the program', async () => {
    const loaded = (args: string[]) =>
      spawnSync(process.execPath, [BIN, ...args], {
        env: { NODE_DEBUG: 'esm', PATH: process.env['PATH'] ?? '' },
      });
    for (const args of [['--version'], ['--help'], ['-h'], ['--help', '--lang', 'ja']]) {
      const { status, stderr } = loaded(args);
      expect(status).toBe(0);
      expect(stderr.toString()).not.toContain('main.js');
    }
    expect(loaded(['sim', 'personas']).stderr.toString()).toContain('main.js');
  });

  it('say the version of the package', async () => {
    const manifest: { version: string } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    );
    expect((await bench.run(['--version'])).stdout).toBe(`${manifest.version}\n`);
    expect((await bench.run(['sign', '--version'])).stdout).toBe(`${manifest.version}\n`);
  });

  it.each([
    [['--help'], {}, 'Usage:'],
    [['--help', '--lang', 'ja'], {}, '使い方:'],
    [['--lang=ja', '-h'], {}, '使い方:'],
    [['--help'], { LC_ALL: 'ja_JP.UTF-8' }, '使い方:'],
    [['--help', '--lang', 'en'], { LC_ALL: 'ja_JP.UTF-8' }, 'Usage:'],
  ])('%j with %j speaks the language of the person', async (args, env, word) => {
    const { code, stdout } = await bench.run(args, { env });
    expect(code).toBe(0);
    expect(stdout).toContain(word);
  });

  it('of a command begins with its own options, and leaves out what means nothing to it', async () => {
    const { stdout } = await bench.run(['verify', '--help']);
    expect(stdout.indexOf('--content')).toBeLessThan(stdout.indexOf('--json'));
    for (const option of ['--pin-fd', '--synthesize', '--card', '--force', '--crl'])
      expect(stdout).not.toContain(option);
  });

  it('of a command of a later version says so', async () => {
    const { code, stderr } = await bench.run(['login', '--help']);
    expect(code).toBe(2);
    expect(stderr).toContain('not in this version');
  });

  it('in Japanese is Japanese throughout', async () => {
    const { stderr } = await bench.run(['sgin', '--lang', 'ja']);
    expect(stderr).toContain('sign の誤りではありませんか。');
    expect((await bench.run(['nothing-like-it', '--lang', 'ja'])).stderr).not.toMatch(/[a-z]{4,} [a-z]{4,}/);
  });

  it('of a command names its options', async () => {
    const { code, stdout } = await bench.run(['sign', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--detached');
  });
});

describe.concurrent('what is no command line of ours', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['sgin']],
    ['an unknown option', ['status', '--bogus']],
    ['a word too many', ['status', 'extra']],
    ['no file', ['sign']],
    ['no file', ['verify']],
    ['an unknown certificate', ['cert', 'other']],
    ['an unknown format', ['cert', 'auth', '--format', 'xml']],
    ['an unknown subcommand', ['pin', 'guess']],
    ['an unknown PIN', ['pin', 'change', 'other']],
    ['no page', ['card-face']],
    ['an unknown code', ['face', '--code', 'c']],
    ['a code that opens no such thing', ['attributes', '--code', 'a']],
    ['a code that opens no such thing', ['my-number', '--show', '--code', 'b']],
    ['a code that opens no such thing', ['card-face', '-o', 'x.html', '--code', 'birth']],
    ['a code without its name', ['face', '--code-fd', '4']],
    ['a code and a PIN', ['face', '--code', 'a', '--pin-fd', '3']],
    ['an encrypted face by code', ['face', '--code', 'a', '--secure-messaging']],
    ['an option of another command', ['attributes', '--secure-messaging']],
    ['no subcommand', ['sim']],
    ['an option without its value', ['status', '--card']],
    ['an option given twice', ['--card', 'sim:', '--card', 'sim:child', 'status']],
    ['a timeout that is no number', ['--card', 'sim:', 'status', '--timeout', 'soon']],
    ['a timeout of nothing', ['--card', 'sim:', 'status', '--timeout', '0']],
    ['an unknown kind of card', ['--card', 'usb:', 'status']],
    ['a card without a colon', ['--card', 'adult', 'status']],
    ['a state file without a name', ['--card', 'sim:adult@', 'status']],
    ['an unknown language', ['--lang', 'fr', 'status']],
  ])('(%s) ends with 2 and says what to do', async (_, args) => {
    const { code, stdout, stderr } = await bench.call(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('--help');
  });

  it('ends the process with 2', async () => {
    expect((await bench.run(['status', '--bogus'])).code).toBe(2);
    expect((await bench.run(['bench'])).code).toBe(2);
  });

  it('is told in Japanese with --lang ja', async () => {
    const { stderr } = await bench.run(['--card', 'usb:', 'status', '--lang', 'ja']);
    expect(stderr).toContain('指定が正しくありません');
  });

  it('is a JSON document with --json', async () => {
    const { code, json, stderr } = await bench.run(['sgin', '--json']);
    expect(code).toBe(2);
    expect(stderr).toBe('');
    expect(json).toEqual({
      error: {
        code: 'ERR_USAGE',
        message: expect.any(String),
        remedy: 'correct-command',
        advice: expect.any(String),
      },
    });
  });
});

describe.concurrent('what this version does not have', () => {
  it.each([
    [['bench', 'run']],
    [['login', 'https://example.invalid']],
    [['bridge']],
    [['agent', 'ssh']],
    [['completion']],
  ])('%j says so, with 2', async (args) => {
    const { code, stdout, stderr } = await bench.call(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('not in this version');
    const json = await bench.call([...args, '--json']);
    expect(json.json).toMatchObject({ error: { code: 'ERR_NOT_IN_THIS_VERSION' } });
  });
});

describe.concurrent('the PC/SC world', () => {
  it('that is not there ends with 3 and names the virtual card', async () => {
    // A socket that nobody serves: no service, whatever this machine runs.
    const env = { PCSCLITE_CSOCK_NAME: bench.path('nobody') };
    for (const args of [['status'], ['readers'], ['pin', 'status'], ['cert', 'auth']]) {
      const { code, stderr } = await bench.run(args, { env });
      expect(code).toBe(3);
      expect(stderr).toContain('--card sim:');
      expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    }
  });
});

describe.concurrent('where the output goes', () => {
  it('to a full disk ends with 9', () => {
    const full = openSync('/dev/full', 'w');
    for (const args of [
      ['sim', 'personas'],
      ['sim', 'personas', '--json'],
      ['sgin', '--json'],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [BIN, ...args], {
        stdio: ['ignore', full, 'pipe'],
      });
      expect(status).toBe(args[0] === 'sgin' ? 2 : 9);
      expect(stderr.toString()).toMatch(/^jpki: /);
    }
    closeSync(full);
  });

  it('to a reader that has gone ends as if nothing were', () => {
    const { stdout, status } = spawnSync('sh', [
      '-c',
      `'${process.execPath}' '${BIN}' sim personas | head -c 1`,
    ]);
    expect(status).toBe(0);
    expect(stdout.length).toBe(1);
  });
});
