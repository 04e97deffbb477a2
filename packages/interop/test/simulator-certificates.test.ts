import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSimulatorPki, personaNamed } from '@jpki/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandRequirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

describe("the simulator's certificates, judged by OpenSSL", commandRequirement('openssl', 'openssl'), () => {
  let folder: string;
  const path = (name: string) => join(folder, name);

  const pem = async (name: string, der: Uint8Array) => {
    const lines =
      Buffer.from(der)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    const text = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
    await writeFile(path(name), text);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-certificates-'));
    const pki = await openSimulatorPki({ folder: path('pki') });
    for (const persona of ['adult', 'expired', 'generation-1', 'generation-2'] as const) {
      for (const kind of ['sign', 'auth'] as const) {
        const key = await pki.holderKey(personaNamed(persona), kind);
        if (key === undefined) throw new Error('every one of these has both certificates');
        await pem(`${persona}-${kind}.pem`, key.certificate);
        await pem(`${persona}-${kind}-ca.pem`, key.caCertificate);
      }
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const text = async (name: string) => {
    const options = ['-nameopt', 'utf8,sep_comma_plus_space', '-certopt', 'no_pubkey,no_sigdump'];
    return (await run('openssl', ['x509', '-in', path(name), '-noout', '-text', ...options])).stdout;
  };

  const verify = async (certificate: string, ca: string, ...options: readonly string[]) => {
    const { exitCode, stdout, stderr } = await run('openssl', [
      'verify',
      ...options,
      '-CAfile',
      path(ca),
      path(certificate),
    ]);
    return { exitCode, output: stdout + stderr };
  };

  test.each(['sign', 'auth'])('verify under their CA, also by the strict rules: %s', async (kind) => {
    for (const options of [[], ['-x509_strict'], ['-x509_strict', '-policy_check']]) {
      const { exitCode, output } = await verify(`adult-${kind}.pem`, `adult-${kind}-ca.pem`, ...options);
      expect(output).toContain(': OK');
      expect(exitCode).toBe(0);
    }
    expect((await verify(`generation-2-${kind}.pem`, `generation-2-${kind}-ca.pem`)).exitCode).toBe(0);
  });

  test('do not verify under a CA of the same name and another key', async () => {
    const { exitCode, output } = await verify('adult-sign.pem', 'generation-2-sign-ca.pem');
    expect(exitCode).not.toBe(0);
    // The serial number in the authority key identifier already tells the two apart.
    expect(output).toMatch(/unable to get local issuer certificate|signature failure/);
  });

  test('have expired where the persona says so', async () => {
    const holder = await verify('expired-sign.pem', 'expired-sign-ca.pem');
    expect(holder.output).toContain('error 10 at 0 depth lookup: certificate has expired');
    const both = await verify('generation-1-sign.pem', 'generation-1-sign-ca.pem');
    expect(both.output).toContain('error 10 at 1 depth lookup: certificate has expired');
  });

  test('serve TLS clients where they are for authentication, and no other way round', async () => {
    const purpose = ['-purpose', 'sslclient'];
    expect((await verify('adult-auth.pem', 'adult-auth-ca.pem', ...purpose)).exitCode).toBe(0);
    expect((await verify('adult-auth.pem', 'adult-auth-ca.pem', '-purpose', 'sslserver')).exitCode).not.toBe(
      0,
    );
  });

  test('read as the profile of 署名用 certificates', async () => {
    const seen = await text('adult-sign.pem');
    expect(seen).toContain('Issuer: C=JP, O=JPKI-SIMULATOR, OU=JPKI for digital signature');
    expect(seen).toMatch(/Subject: C=JP, L=Kaku-ken, L=Mogi-shi, CN=\d{24}003A\n/);
    expect(seen).toMatch(/X509v3 Key Usage: critical\s+Digital Signature, Non Repudiation\n/);
    expect(seen).toMatch(
      /X509v3 Certificate Policies: critical\s+Policy: 1\.2\.392\.200149\.8\.5\.1\.0\.20\n/,
    );
    expect(seen).toContain('othername: 1.2.392.200149.8.5.5.4');
    expect(seen).toMatch(/OU = CRL Distribution Points, OU = Kaku-ken, CN = Mogi-shi CRLDP\n/);
    expect(seen).toMatch(/keyid:.*\s+DirName:.*\s+serial:/);
    expect(seen).not.toContain('Authority Information Access');
    expect(seen).not.toContain('Extended Key Usage');
  });

  test('read as the profile of 利用者証明用 certificates', async () => {
    const seen = await text('adult-auth.pem');
    expect(seen).toMatch(/Subject: C=JP, CN=[0-9A-Z]{14}99999003A\n/);
    expect(seen).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/);
    expect(seen).toContain('TLS Web Client Authentication');
    expect(seen).toMatch(/Policy: 1\.2\.392\.200149\.8\.5\.1\.0\.30\n/);
    expect(seen).toContain('OCSP - URI:http://ocspauthnorm.jpki-simulator.invalid');
    expect(seen).not.toContain('Subject Alternative Name');
  });

  test('hold what DER allows and nothing else', async () => {
    const again = await run('openssl', ['x509', '-in', path('adult-sign.pem'), '-outform', 'DER']);
    const parsed = await run('openssl', ['asn1parse', '-in', path('adult-sign.pem')]);
    expect(again.exitCode).toBe(0);
    expect(parsed.exitCode).toBe(0);
    expect(parsed.stdout).not.toContain('BAD');
    expect(parsed.stdout).not.toMatch(/l= *inf/);
  });
});

const testCard = requirements(
  commandRequirement('openssl', 'openssl'),
  sharedRequirement('test-card', 'jpki'),
);

describe("the simulator's certificates beside those of the JPKI test card", testCard, () => {
  /** Depth, kind and object identifiers of every element: all but lengths, contents and times. */
  const outline = async (...args: readonly string[]) => {
    const { stdout } = await run('openssl', ['asn1parse', ...args]);
    return stdout
      .trim()
      .split('\n')
      .map((line) => {
        const [, depth, kind, rest = ''] = line.match(/d=(\d+) .*?(prim|cons): (.*)/) ?? [];
        const value = rest.startsWith('OBJECT') || rest.startsWith('BOOLEAN') ? rest : rest.split(':')[0];
        return `${depth} ${kind} ${value?.trim()}`;
      });
  };

  test.each([
    ['署名用', '0001-sign-cert.der', 'sign', 'certificate'],
    ['署名用 CA', '0002-sign-ca.der', 'sign', 'caCertificate'],
    ['利用者証明用', '000A-auth-cert.der', 'auth', 'certificate'],
    ['利用者証明用 CA', '000B-auth-ca.der', 'auth', 'caCertificate'],
  ] as const)('have the same structure: %s', async (_, file, kind, which) => {
    const folder = await mkdtemp(join(tmpdir(), 'jpki-certificates-'));
    try {
      const pki = await openSimulatorPki({ folder });
      const ours = (await pki.holderKey(personaNamed('adult'), kind))?.[which];
      await writeFile(join(folder, 'ours.der'), ours ?? '');
      const real = await outline('-inform', 'DER', '-in', sharedPath('test-card', 'jpki', file));
      expect(real.length).toBeGreaterThan(60);
      expect(await outline('-inform', 'DER', '-in', join(folder, 'ours.der'))).toEqual(real);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
