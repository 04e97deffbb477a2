import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bench, type Run } from './jpki.ts';

const bench = new Bench();
const REPORT = 'a report\n';

/** Verifies and trusts the virtual cards. */
const verify = (...args: string[]): Promise<Run> => bench.call(['verify', '--trust', 'simulator', ...args]);

/** The codes of all findings. */
function findings({ json }: Run): unknown[] {
  const signatures = json['signatures'];
  if (!Array.isArray(signatures)) return [];
  return signatures.flatMap((each: { findings: { code: string }[] }) =>
    each.findings.map(({ code }) => code),
  );
}

let copies = 0;

/** A copy of the file with one byte changed: the first one of `needle`, or the last byte. */
function tampered(name: string, needle?: string): string {
  // Tests run side by side: each gets a copy of its own.
  const copy = `tampered-${++copies}-${name}`;
  const bytes = readFileSync(bench.path(name));
  const at = needle === undefined ? bytes.length - 1 : bytes.indexOf(needle);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(bench.path(copy), bytes);
  return copy;
}

beforeAll(async () => {
  writeFileSync(bench.path('report.txt'), REPORT);
  for (const args of [
    ['report.txt'],
    ['report.txt', '--detached'],
    ['report.txt', '--key', 'auth', '-o', 'auth.p7m'],
  ]) {
    expect((await bench.run(['--card', 'sim:', 'sign', ...args])).code).toBe(0);
  }
});

describe.concurrent('a good signature', () => {
  it('is indeterminate while revocation is not checked, and says so: 6', async () => {
    const run = await bench.run(['verify', 'report.txt.p7m', '--trust', 'simulator', '--json']);
    expect(run.code).toBe(6);
    expect(run.json).toMatchObject({ verdict: 'indeterminate', notChecked: [{ code: 'REVOCATION' }] });
    expect(findings(run)).toEqual([]);
  });

  it('is valid with --revocation off, with the words beside it: 0', async () => {
    const en = await verify('report.txt.p7m', '--revocation', 'off');
    expect(en.code).toBe(0);
    expect(en.stdout).toContain('VALID (revocation not checked)');
    const ja = await verify('report.txt.p7m', '--revocation', 'off', '--lang', 'ja');
    expect(ja.stdout).toContain('有効 (失効未確認)');
  });

  it('has the JSON shape of the contract', async () => {
    const { code, json } = await verify('report.txt.p7m', '--revocation', 'off', '--json');
    expect(code).toBe(0);
    expect(json).toMatchObject({
      verdict: 'valid',
      signatures: [
        {
          verdict: 'valid',
          signer: {
            name: '模擬　花子',
            certificateSerial: expect.stringMatching(/^[0-9A-F]+$/),
            issuer: expect.stringContaining('O=JPKI-SIMULATOR'),
            generation: 3,
          },
          signedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
          format: 'cades',
          level: 'B',
          findings: [],
        },
      ],
      notChecked: [{ code: 'REVOCATION', reason: expect.any(String) }],
    });
  });

  it('gives address, birth date and sex of the signer only with --show-attributes', async () => {
    for (const form of [[], ['--json']]) {
      const without = await verify('report.txt.p7m', ...form);
      expect(without.stdout).not.toMatch(/架空県|1985-06-15|female/);
      const shown = await verify('report.txt.p7m', '--show-attributes', ...form);
      expect(shown.stdout).toContain('架空県模擬市仮想町１丁目２番３号');
      expect(shown.stdout).toContain('1985-06-15');
      expect(shown.stdout).toContain('female');
    }
  });

  it('says that a virtual card stands for nobody', async () => {
    expect((await verify('report.txt.p7m')).stdout).toContain('nothing about a real person');
  });

  it('that is detached finds its document beside it, or by --content', async () => {
    const off = ['--revocation', 'off'];
    expect((await verify('report.txt.p7s', ...off)).code).toBe(0);
    writeFileSync(bench.path('elsewhere.p7s'), readFileSync(bench.path('report.txt.p7s')));
    const lost = await verify('elsewhere.p7s', ...off, '--json');
    expect(lost.code).toBe(6);
    expect(findings(lost)).toContain('CONTENT_MISSING');
    expect((await verify('elsewhere.p7s', '--content', 'report.txt', ...off)).code).toBe(0);
  });
});

describe.concurrent('what is wrong with a signature', () => {
  it('a changed document: invalid, 1', async () => {
    const attached = await verify(tampered('report.txt.p7m', REPORT), '--json');
    expect(attached.code).toBe(1);
    expect(attached.json['verdict']).toBe('invalid');
    expect(findings(attached)).toEqual(['CONTENT_CHANGED']);
    const detached = await verify('report.txt.p7s', '--content', tampered('report.txt'), '--json');
    expect(detached.code).toBe(1);
    expect(findings(detached)).toEqual(['CONTENT_CHANGED']);
  });

  it('a changed signature: invalid, 1', async () => {
    const run = await verify(tampered('report.txt.p7m'), '--json', '--revocation', 'off');
    expect(run.code).toBe(1);
    expect(findings(run)).toEqual(['SIGNATURE_WRONG']);
  });

  it('an unknown CA: indeterminate, 6; production alone is trusted by default', async () => {
    for (const trust of [[], ['--trust', 'production'], ['--trust', 'test']]) {
      const run = await bench.run(['verify', 'report.txt.p7m', '--revocation', 'off', '--json', ...trust]);
      expect(run.code).toBe(6);
      expect(findings(run)).toEqual(['CA_UNKNOWN']);
    }
  });

  it('a CA of the same name with another key: indeterminate, 6', async () => {
    const env = { JPKI_SIM_PKI: bench.path('another-pki') };
    expect(
      (await bench.run(['--card', 'sim:', 'sign', 'report.txt', '-o', 'impostor.p7m'], { env })).code,
    ).toBe(0);
    const run = await verify('impostor.p7m', '--revocation', 'off', '--json');
    expect(run.code).toBe(6);
    expect(findings(run)).toEqual(['CA_KEY_MISMATCH']);
  });

  it('an authentication certificate passed off as a document signature: indeterminate, 6', async () => {
    const run = await verify('auth.p7m', '--revocation', 'off', '--json');
    expect(run.code).toBe(6);
    expect(findings(run)).toEqual(['CERTIFICATE_PURPOSE_WRONG']);
  });

  it('a signer whose certificate has expired: indeterminate, 6', async () => {
    expect((await bench.run(['--card', 'sim:expired', 'sign', 'report.txt', '-o', 'expired.p7m'])).code).toBe(
      0,
    );
    const run = await verify('expired.p7m', '--revocation', 'off', '--json');
    expect(run.code).toBe(6);
    expect(findings(run)).toEqual(['CERTIFICATE_EXPIRED']);
  });

  it('a time outside the validity, with --at: indeterminate, 6', async () => {
    const late = await verify('report.txt.p7m', '--revocation', 'off', '--at', '2050-01-01', '--json');
    expect(late.code).toBe(6);
    expect(findings(late)).toContain('CERTIFICATE_EXPIRED');
    const early = await verify(
      'report.txt.p7m',
      '--revocation',
      'off',
      '--at',
      '2020-01-01T00:00:00+09:00',
      '--json',
    );
    expect(early.code).toBe(6);
    expect(findings(early)).toContain('CERTIFICATE_NOT_YET_VALID');
  });

  it.each([
    ['a PDF', `%PDF-1.7\n${'x'.repeat(65_530)}/ByteRange [0 1 2 3]`],
    ['XML', '<?xml version="1.0"?><a xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'],
  ])('%s that is signed inside: not in this version, 2, and not invalid', async (kind, content) => {
    writeFileSync(bench.path(`inside ${kind}`), content);
    const { code, stdout, stderr } = await verify(`inside ${kind}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('not in this version');
  });

  it('a PDF without a signature: invalid, 1', async () => {
    writeFileSync(bench.path('plain.pdf'), '%PDF-1.7\n');
    expect((await verify('plain.pdf')).code).toBe(1);
  });

  it('a file that is no signature: invalid, 1', async () => {
    const run = await verify('report.txt', '--json');
    expect(run.code).toBe(1);
    expect(run.json).toMatchObject({
      verdict: 'invalid',
      signatures: [{ verdict: 'invalid', signer: null }],
    });
    expect(findings(run)).toEqual(['FORMAT_INVALID']);
    expect((await verify('report.txt')).stdout).toContain('no CMS signature');
  });

  it('an empty file and a cut one: invalid, 1', async () => {
    writeFileSync(bench.path('nothing.p7m'), '');
    writeFileSync(bench.path('cut.p7m'), readFileSync(bench.path('report.txt.p7m')).subarray(0, 500));
    for (const file of ['nothing.p7m', 'cut.p7m']) expect((await verify(file)).code).toBe(1);
  });

  it('tells every finding in both languages, with what to do', async () => {
    const file = tampered('report.txt.p7m', REPORT);
    expect((await verify(file, '--lang', 'en')).stdout).toContain('Ask the signer for the original');
    expect((await verify(file, '--lang', 'ja')).stdout).toContain('文書が、署名されたものと違います');
  });
});

describe.concurrent('several files', () => {
  it('have the worst verdict: 1 before 6 before 0', async () => {
    const off = ['--revocation', 'off', '--json'];
    expect((await verify('report.txt.p7m', 'report.txt.p7s', ...off)).code).toBe(0);
    expect((await verify('report.txt.p7m', 'auth.p7m', ...off)).code).toBe(6);
    const worst = await verify('report.txt.p7m', 'auth.p7m', 'report.txt', ...off);
    expect(worst.code).toBe(1);
    expect(worst.json).toMatchObject({
      verdict: 'invalid',
      signatures: [
        { file: 'report.txt.p7m', verdict: 'valid' },
        { file: 'auth.p7m', verdict: 'indeterminate' },
        { file: 'report.txt', verdict: 'invalid' },
      ],
    });
  });
});

describe.concurrent('whom to trust', () => {
  it('can be a file of PEM certificates, and several at once', async () => {
    expect((await bench.call(['sim', 'pki', 'cas'])).code).toBe(0);
    const run = await bench.call([
      'verify',
      'report.txt.p7m',
      '--revocation',
      'off',
      '--trust',
      'production',
      '--trust',
      'cas/simulator-sign-ca-3.pem',
    ]);
    expect(run.code).toBe(0);
    const other = await bench.call([
      'verify',
      'report.txt.p7m',
      '--trust',
      'cas/simulator-auth-ca-3.pem',
      '--json',
    ]);
    expect(findings(other)).toEqual(['CA_UNKNOWN']);
  });

  it.each([
    ['is not there', 'missing.pem'],
    ['holds no certificate', 'report.txt'],
  ])('is nobody when the file %s: 9', async (_, file) => {
    expect((await bench.call(['verify', 'report.txt.p7m', '--trust', file])).code).toBe(9);
  });
});

describe.concurrent('jpki verify', () => {
  it.each([
    ['a signature', ['missing.p7m']],
    ['a document', ['report.txt.p7s', '--content', 'missing.txt']],
  ])('ends with 9 when it cannot read %s', async (_, args) => {
    const { code, json } = await verify(...args, '--json');
    expect(code).toBe(9);
    expect(json).toMatchObject({ error: { code: 'ERR_FILE_READ', remedy: 'check-file' } });
  });

  it.each([[['--crl', 'a.crl']], [['--ocsp', 'http://ocsp.invalid']], [['--profile', 'p']]])(
    'does not have %j in this version',
    async (args) => {
      const { code, stderr } = await verify('report.txt.p7m', ...args);
      expect(code).toBe(2);
      expect(stderr).toContain('not in this version');
    },
  );

  it.each([
    ['--at', 'yesterday'],
    ['--at', '2026-13-01'],
    ['--revocation', 'on'],
  ])('refuses %s %s: 2', async (...args) => {
    expect((await verify('report.txt.p7m', ...args)).code).toBe(2);
  });
});
