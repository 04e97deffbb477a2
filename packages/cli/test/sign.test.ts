import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { readCertificate, verifyRsaDigest } from '@jpki/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';

const bench = new Bench();
const REPORT = 'a report, 報告書\n';
const SHA256 = createHash('sha256').update(REPORT).digest('hex');

beforeAll(() => {
  writeFileSync(bench.path('report.txt'), REPORT);
});

const sign = (...args: string[]) => bench.run(['--card', 'sim:', 'sign', ...args]);

describe.concurrent('jpki sign', () => {
  it('shows the file, its hash, the tries left and what the receiver will see, on stderr', async () => {
    const { code, stdout, stderr } = await sign('report.txt', '-o', 'shown.p7m');
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('report.txt');
    expect(stderr).toContain(SHA256);
    expect(stderr).toContain('5 of 5');
    expect(stderr).toContain('氏名・住所・生年月日・性別');
    expect(stderr).toContain('jpki verify shown.p7m --trust simulator');
  });

  it('does not speak of name and address for the authentication key', async () => {
    const { code, stderr } = await sign('report.txt', '-o', 'auth.p7m', '--key', 'auth');
    expect(code).toBe(0);
    expect(stderr).not.toContain('氏名');
    expect(stderr).toContain('3 of 3');
  });

  it('speaks Japanese with --lang ja, and by the locale', async () => {
    for (const [args, env] of [
      [['--lang', 'ja'], {}],
      [[], { LC_ALL: 'ja_JP.UTF-8' }],
    ] as const) {
      const { stderr } = await bench.run(['--card', 'sim:', 'sign', 'report.txt', '--force', ...args], {
        env,
      });
      expect(stderr).toContain('あなたの氏名・住所・生年月日・性別を読み取れます');
    }
  });

  it('makes FILE.p7m with the document in it, and FILE.p7s without it', async () => {
    expect((await sign('report.txt', '--force')).code).toBe(0);
    expect((await sign('report.txt', '--detached', '--force')).code).toBe(0);
    expect(readFileSync(bench.path('report.txt.p7m')).includes(REPORT)).toBe(true);
    expect(readFileSync(bench.path('report.txt.p7s')).includes(REPORT)).toBe(false);
  });

  it('prints its results as JSON', async () => {
    const { code, json } = await sign('report.txt', '-o', 'json.p7s', '--detached', '--json');
    expect(code).toBe(0);
    expect(json).toEqual({
      results: [
        {
          input: 'report.txt',
          output: 'json.p7s',
          format: 'cades',
          sha256: SHA256,
          certificateSerial: expect.stringMatching(/^[0-9A-F]+$/),
        },
      ],
    });
  });

  it('makes the bare RSA signature over the DigestInfo of the file with --format raw', async () => {
    const { json } = await sign('report.txt', '--format', 'raw', '--key', 'auth', '--json');
    expect(json).toMatchObject({ results: [{ output: 'report.txt.sig', format: 'raw' }] });
    const certificate = await bench.run([
      '--card',
      'sim:',
      'cert',
      'auth',
      '--format',
      'der',
      '-o',
      'auth.der',
    ]);
    expect(certificate.code).toBe(0);
    const { publicKey } = readCertificate(readFileSync(bench.path('auth.der')));
    const signature = readFileSync(bench.path('report.txt.sig'));
    expect(verifyRsaDigest(publicKey, 'sha256', Buffer.from(SHA256, 'hex'), signature)).toBe(true);
  });

  it('signs several files with one PIN into a folder', async () => {
    mkdirSync(bench.path('out'));
    for (const name of ['one.txt', 'two.txt']) writeFileSync(bench.path(name), name);
    const args = [
      '--card',
      'sim:',
      'sign',
      'one.txt',
      'two.txt',
      '-o',
      'out',
      '--detached',
      '--json',
      '--pin-fd',
      '3',
    ];
    const { code, json } = await bench.run(args, { pin: 'ABC123' });
    expect(code).toBe(0);
    expect(json).toMatchObject({ results: [{ output: 'out/one.txt.p7s' }, { output: 'out/two.txt.p7s' }] });
    expect(readdirSync(bench.path('out'))).toEqual(['one.txt.p7s', 'two.txt.p7s']);
  });

  it('signs an empty file', async () => {
    writeFileSync(bench.path('empty'), '');
    expect((await sign('empty')).code).toBe(0);
    expect((await bench.run(['verify', 'empty.p7m', '--trust', 'simulator'])).code).toBe(6);
  });

  it('signs a file larger than its buffers, attached and detached', async () => {
    writeFileSync(bench.path('large'), '');
    truncateSync(bench.path('large'), 9 * 1024 * 1024 + 7);
    for (const form of [[], ['--detached']]) {
      expect((await sign('large', '--force', ...form)).code).toBe(0);
    }
    const { code, json } = await bench.run([
      'verify',
      'large.p7m',
      'large.p7s',
      '--trust',
      'simulator',
      '--revocation',
      'off',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(json['verdict']).toBe('valid');
  });

  it('takes a file whose name begins with a dash, after --', async () => {
    writeFileSync(bench.path('-odd'), 'odd');
    expect((await sign('--', '-odd')).code).toBe(0);
    expect(existsSync(bench.path('-odd.p7m'))).toBe(true);
  });
});

describe.concurrent('the kind of document', () => {
  it.each([
    ['a PDF', 'a.pdf', '%PDF-1.7\n', 'pades'],
    ['a PDF by another name', 'pdf.bin', 'x\n%PDF-1.7\n', 'pades'],
    ['XML', 'b.dat', '\ufeff<?xml version="1.0"?><a/>', 'xades'],
  ])(
    '%s would be signed in its own format, which is not in this version: 2, before any PIN',
    async (_, name, content, format) => {
      writeFileSync(bench.path(name), content);
      const refused = await sign(name);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(`--format ${format}`);
      expect(refused.stderr).toContain('not in this version');
      expect(refused.stderr).not.toContain('Tries left');
      expect((await sign(name, '--format', 'cades')).code).toBe(0);
    },
  );

  it.each([
    [['--format', 'asic']],
    [['--timestamp', 'http://tsa.invalid']],
    [['--level', 'LT']],
    [['--profile', 'p']],
  ])('%j is not in this version', async (args) => {
    const { code, stderr } = await sign('report.txt', '--force', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain('not in this version');
  });
});

describe.concurrent('cards that cannot sign', () => {
  it.each(['child', 'no-certificates', 'face-auth'])('%s: no signing certificate, 3', async (persona) => {
    const { code, json } = await bench.run([
      '--card',
      `sim:${persona}`,
      'sign',
      'report.txt',
      '--force',
      '--json',
    ]);
    expect(code).toBe(3);
    expect(json).toMatchObject({ error: { code: 'ERR_CERTIFICATE_ABSENT' } });
  });

  it.each([
    ['juki', '住基カード'],
    ['phone-iphone', 'iPhone'],
  ])('%s: not this kind of card, politely, 3', async (persona, word) => {
    const { code, stderr } = await bench.run(['--card', `sim:${persona}`, 'sign', 'report.txt', '--force']);
    expect(code).toBe(3);
    expect(stderr).toContain(word);
  });

  it('the keys of the virtual cards cannot be kept: 9, and no other set is made', async () => {
    writeFileSync(bench.path('not-a-folder'), '');
    const env = { JPKI_SIM_PKI: bench.path('not-a-folder/pki') };
    const { code, json } = await bench.run(['--card', 'sim:', 'sign', 'report.txt', '--force', '--json'], {
      env,
    });
    expect(code).toBe(9);
    expect(json).toMatchObject({ error: { code: 'ERR_SIM_PKI_FOLDER' } });
  });

  it('the state of the card cannot be kept: 9', async () => {
    const { code } = await bench.run(['--card', 'sim:adult@nowhere/card', 'sign', 'report.txt', '--force']);
    expect(code).toBe(9);
  });
});
