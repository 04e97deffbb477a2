import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readCertificate } from '@jpki/core';
import { openSimulatorPki, personaNamed } from '@jpki/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DssJudge, dssJudge, dssRequirement } from '../src/dss-judge.ts';
import { jpkiPath, jpkiRequirement, jpki as runJpki } from '../src/jpki-command.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { type RunOptions, run } from '../src/run.ts';

const needed = requirements(
  jpkiRequirement(),
  pcscliteRequirement(),
  pcscdRequirement(),
  commandRequirement('openssl', 'openssl'),
  await dssRequirement(),
);

/** The main job as a person does it: real service, native addon, processes, files. */
describe('the main job through a real PC/SC service', needed, () => {
  let folder: string;
  let pcscd: PrivatePcscd;
  let server: ChildProcess;
  let judge: DssJudge;
  let env: Record<string, string>;
  let readerName: string;

  const jpki = (args: readonly string[], options: RunOptions = {}) =>
    runJpki(args, { cwd: folder, ...options, env });
  const path = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-main-job-'));
    pcscd = await startPrivatePcscd();
    env = { ...pcscd.environment, JPKI_SIM_PKI: path('pki') };
    judge = dssJudge();
    const slot = pcscd.slots[0];
    if (slot === undefined) throw new Error('the private pcscd has a slot');
    readerName = slot.readerName;
    const args = [jpkiPath, '--lang', 'en', 'sim', 'serve', '--vpcd', `127.0.0.1:${slot.port}`];
    server = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // One line when the reader has taken the card.
    if (server.stdout === null) throw new Error('stdout is a pipe');
    await once(createInterface(server.stdout), 'line');
    await writeFile(path('report.txt'), 'A report worth signing.\n');
    const pki = await openSimulatorPki({ folder: path('pki') });
    for (const kind of ['sign', 'auth'] as const) {
      await writeFile(path(`${kind}-ca.der`), await pki.caCertificate(kind));
      await run('openssl', [
        'x509',
        '-inform',
        'DER',
        '-in',
        path(`${kind}-ca.der`),
        '-out',
        path(`${kind}-ca.pem`),
      ]);
    }
  });
  afterAll(async () => {
    server?.kill('SIGTERM');
    if (server !== undefined && server.exitCode === null) await once(server, 'exit');
    await judge?.close();
    await pcscd?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('readers shows the reader and the card in it', async () => {
    const { stdout, stderr } = await jpki(['readers', '--json']);
    const { readers } = JSON.parse(stdout || stderr);
    expect(readers).toHaveLength(2);
    expect(readers[0]).toEqual({
      name: readerName,
      cardPresent: true,
      atr: '3BE000FF8131FE4514',
      cardKind: 'individual-number-card',
      inUse: false,
    });
    expect(readers[1]).toMatchObject({ cardPresent: false });
  });

  test('status shows the card and 3 and 5 tries left, and asks no PIN', async () => {
    const { stdout, exitCode } = await jpki(['status', '--json', '--no-input']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      cardKind: 'individual-number-card',
      certificates: { sign: true, auth: true },
      pins: { sign: { triesLeft: 5, max: 5 }, auth: { triesLeft: 3, max: 3 } },
    });
  });

  test('pin status shows the counters to people too', async () => {
    const { stdout, exitCode } = await jpki(['pin', 'status', '--no-input']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/署名用パスワード.*5/);
    expect(stdout).toMatch(/利用者証明用暗証番号.*3/);
  });

  test.each([
    ['auth', undefined],
    ['auth-ca', undefined],
    ['sign-ca', undefined],
    ['sign', 'ABC123\n'],
  ])('cert %s is what OpenSSL reads', async (which, pin) => {
    const args = ['cert', which, '--format', 'pem', ...(pin ? ['--pin-fd', '3'] : ['--no-input'])];
    const { stdout, stderr, exitCode } = await jpki(args, pin ? { fds: { 3: pin } } : {});
    expect(exitCode, stderr).toBe(0);
    const { stdout: subject } = await run('openssl', ['x509', '-noout', '-subject', '-nameopt', 'RFC2253'], {
      input: stdout,
    });
    expect(subject).toMatch(which.endsWith('-ca') ? /O=JPKI-SIMULATOR/ : /CN=/);
  });

  test('cert sign asks for the password and takes nothing less', async () => {
    const { exitCode } = await jpki(['cert', 'sign', '--no-input']);
    expect(exitCode).toBe(2);
  });

  describe.each([
    ['detached', ['--detached'], 'report.txt.p7s'],
    ['attached', [], 'report.txt.p7m'],
  ] as const)('the %s signature', (form, options, output) => {
    const content = form === 'detached' ? ['-content', 'report.txt'] : [];

    test('shows the person what is at stake, then is made', async () => {
      const args = ['sign', 'report.txt', ...options, '--pin-fd', '3', '--force'];
      const { stderr, exitCode } = await jpki(args, { fds: { 3: 'ABC123\n' } });
      expect(exitCode, stderr).toBe(0);
      const digest = await run('openssl', ['dgst', '-sha256', '-r', path('report.txt')]);
      expect(stderr).toContain('report.txt');
      expect(stderr.toLowerCase()).toContain(digest.stdout.slice(0, 64));
      expect(stderr).toContain('5 of 5');
      expect(stderr).toContain('氏名・住所・生年月日・性別');
    });

    test('is accepted by OpenSSL against the CA of the virtual card', async () => {
      const args = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', output, ...content];
      const verified = await run(
        'openssl',
        [...args, '-CAfile', 'sign-ca.pem', '-purpose', 'any', '-out', 'out.txt'],
        {
          cwd: folder,
        },
      );
      expect(verified.stderr).toContain('Verification successful');
      expect(await readFile(path('out.txt'), 'utf8')).toBe(await readFile(path('report.txt'), 'utf8'));
    });

    test('is refused by OpenSSL against the other CA', async () => {
      const args = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', output, ...content];
      const verified = await run('openssl', [...args, '-CAfile', 'auth-ca.pem', '-purpose', 'any'], {
        cwd: folder,
      });
      expect(verified.exitCode).not.toBe(0);
    });

    test('is CAdES-BASELINE-B and intact for DSS', async () => {
      const { signatures } = await judge.ask({
        signature: path(output),
        trusted: [path('sign-ca.der')],
        ...(form === 'detached' && { content: path('report.txt') }),
      });
      expect(signatures).toMatchObject([
        {
          format: 'CAdES-BASELINE-B',
          signatureIntact: true,
          contentIntact: true,
          indication: 'TOTAL_PASSED',
        },
      ]);
    });

    test('is valid for jpki verify once revocation is waived, and says so', async () => {
      const args = ['verify', output, '--trust', 'simulator'];
      const verified = await jpki([...args, '--revocation', 'off']);
      expect(verified.exitCode, verified.stderr).toBe(0);
      expect(verified.stdout).toContain('revocation not checked');
      const open = await jpki([...args, '--json']);
      expect(open.exitCode).toBe(6);
      expect(JSON.parse(open.stdout)).toMatchObject({
        verdict: 'indeterminate',
        notChecked: [{ code: 'REVOCATION' }],
        signatures: [{ level: 'B', findings: [] }],
      });
    });

    test('is not trusted where production is', async () => {
      const { stdout, exitCode } = await jpki(['verify', output, '--revocation', 'off', '--json']);
      expect(exitCode).toBe(6);
      expect(JSON.parse(stdout).signatures[0].findings).toMatchObject([{ code: 'CA_UNKNOWN' }]);
    });
  });

  test('the signer is the holder of the card', async () => {
    const pki = await openSimulatorPki({ folder: path('pki') });
    const key = await pki.holderKey(personaNamed('adult'), 'sign');
    const certificate = readCertificate(key?.certificate ?? new Uint8Array());
    const { stdout } = await jpki(['verify', 'report.txt.p7s', '--trust', 'simulator', '--json']);
    expect(JSON.parse(stdout).signatures[0].signer).toMatchObject({
      name: certificate.holderAttributes().name,
      certificateSerial: certificate.serialNumberText,
      generation: 3,
    });
  });

  test('a wrong PIN costs exactly one try and says how many are left; the right one restores them', async () => {
    const wrong = await jpki(['sign', 'report.txt', '--key', 'auth', '--pin-fd', '3', '--force', '--json'], {
      fds: { 3: '9999\n' },
    });
    expect(wrong.exitCode).toBe(4);
    expect(JSON.parse(wrong.stdout).error).toMatchObject({ triesLeft: 2 });
    const after = JSON.parse((await jpki(['pin', 'status', '--json'])).stdout);
    expect(after).toMatchObject({ pins: { auth: { triesLeft: 2 }, sign: { triesLeft: 5 } } });
    const right = await jpki(['sign', 'report.txt', '--key', 'auth', '-o', 'auth.p7m', '--pin-fd', '3'], {
      fds: { 3: '1234' },
    });
    expect(right.exitCode, right.stderr).toBe(0);
    expect(JSON.parse((await jpki(['pin', 'status', '--json'])).stdout)).toMatchObject({
      pins: { auth: { triesLeft: 3 } },
    });
  });

  test.each(['', '123', '12345', '１２３４', '12a4', '12\x004', '1234 ', '\x1b[A1'])(
    'the malformed PIN %j costs no try and sends nothing',
    async (pin) => {
      const refused = await jpki(['sign', 'report.txt', '--key', 'auth', '--pin-fd', '3', '--force'], {
        fds: { 3: pin },
      });
      expect(refused.exitCode, refused.stderr).toBe(2);
      expect(JSON.parse((await jpki(['pin', 'status', '--json'])).stdout)).toMatchObject({
        pins: { auth: { triesLeft: 3 } },
      });
    },
  );

  test('afterwards the card is locked: another program gets no signature', async () => {
    await jpki(['sign', 'report.txt', '--detached', '--pin-fd', '3', '--force'], { fds: { 3: 'ABC123' } });
    const script = [
      '00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01',
      '00 A4 02 0C 02 00 1A',
      '80 2A 00 80 01 00 00',
    ];
    const { stdout } = await run('opensc-tool', ['-r', '0', ...script.flatMap((apdu) => ['-s', apdu])], {
      env,
    });
    expect(stdout).toMatch(/SW1=0x69, SW2=0x82/);
  });

  test('pcscd restarting brings the card back by itself', async () => {
    await pcscd.restart();
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { stdout, exitCode } = await jpki(['status', '--json', '--no-input']);
      if (exitCode === 0) {
        expect(JSON.parse(stdout).cardKind).toBe('individual-number-card');
        break;
      }
      expect(Date.now(), stdout).toBeLessThan(deadline);
    }
  });
});
