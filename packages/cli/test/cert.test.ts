import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bench } from './jpki.ts';

const bench = new Bench();
/** The same without a process of its own. */
const inside = (...args: string[]) => bench.call(['--card', 'sim:', ...args]);

describe.concurrent('jpki cert', () => {
  it.each(['auth', 'sign', 'auth-ca', 'sign-ca'])('%s is one certificate in every format', async (name) => {
    const pem = await inside('cert', name, '--format', 'pem');
    expect(pem.code).toBe(0);
    const certificate = new X509Certificate(pem.stdout);
    const json = await inside('cert', name, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      pem: pem.stdout,
      serial: certificate.serialNumber.replace(/^0+/, ''),
    });
    expect((await inside('cert', name, '--format', 'der', '-o', `${name}.der`)).code).toBe(0);
    expect(readFileSync(bench.path(`${name}.der`)).equals(certificate.raw)).toBe(true);
    const text = await inside('cert', name);
    expect(text.stdout).toContain('O=JPKI-SIMULATOR');
    const document = await inside('cert', name, '--json');
    expect(document.json).toMatchObject({ certificate: { pem: pem.stdout } });
  });

  it('asks the password for the signing certificate alone', async () => {
    expect((await inside('cert', 'sign')).stderr).toContain('Tries left: 5 of 5');
    for (const free of ['auth', 'auth-ca', 'sign-ca']) expect((await inside('cert', free)).stderr).toBe('');
    const wrong = await bench.call(['--card', 'sim:', 'cert', 'sign', '--pin-fd', '3'], { pin: 'WRONG1' });
    expect(wrong.code).toBe(4);
  });

  it('shows no name or address of the holder', async () => {
    expect((await inside('cert', 'sign')).stdout).not.toMatch(/模擬|架空/);
  });

  it('asks the PIN for the authentication certificate of a phone that wants it', async () => {
    const { code, stderr } = await bench.call(['--card', 'sim:phone-android', 'cert', 'auth']);
    expect(code).toBe(0);
    expect(stderr).toContain('Tries left: 3 of 3');
  });

  it('verifies with --verify, also where the virtual card has just made its CA', async () => {
    const env = { JPKI_SIM_PKI: bench.path('fresh-keys') };
    const args = ['--card', 'sim:', 'cert', 'auth-ca', '--verify', '--trust', 'simulator'];
    expect((await bench.run(args, { env })).code).toBe(0);
  });

  it('verifies with --verify', async () => {
    const trusted = ['--verify', '--trust', 'simulator'];
    expect((await inside('cert', 'auth', ...trusted)).code).toBe(6);
    const valid = await inside('cert', 'auth', ...trusted, '--revocation', 'off', '--json');
    expect(valid.code).toBe(0);
    expect(valid.json).toMatchObject({
      verification: { verdict: 'valid', notChecked: [{ code: 'REVOCATION' }] },
    });
    expect((await inside('cert', 'sign-ca', ...trusted)).code).toBe(0);
    const unknown = await inside('cert', 'auth', '--verify', '--json');
    expect(unknown.code).toBe(6);
    expect(unknown.json).toMatchObject({ verification: { findings: [{ code: 'CA_UNKNOWN' }] } });
  });

  it('never replaces a file unasked: 9', async () => {
    expect((await inside('cert', 'auth', '-o', 'auth.txt')).code).toBe(0);
    expect((await inside('cert', 'auth', '-o', 'auth.txt')).code).toBe(9);
    expect((await inside('cert', 'auth', '-o', 'auth.txt', '--force')).code).toBe(0);
  });

  it.each([
    ['child', 'sign'],
    ['no-certificates', 'auth'],
  ])('ends with 3 when the card (%s) has no %s certificate', async (persona, name) => {
    const { code, json } = await bench.call(['--card', `sim:${persona}`, 'cert', name, '--json']);
    expect(code).toBe(3);
    expect(json).toMatchObject({ error: { code: 'ERR_CERTIFICATE_ABSENT' } });
  });
});
