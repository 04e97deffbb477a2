import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCertificate } from '@jpki/core';
import {
  exportPki,
  openSimulatorPki,
  type PersonaName,
  personaNamed,
  type SimulatorPki,
} from '@jpki/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandRequirement } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

const KINDS = ['sign', 'auth'] as const;
type Kind = (typeof KINDS)[number];

describe("the simulator's CRLs, judged by OpenSSL", commandRequirement('openssl', 'openssl'), () => {
  let folder: string;
  let pki: SimulatorPki;
  const exported = (name: string) => join(folder, 'exported', name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-revocation-'));
    pki = await openSimulatorPki({ folder: join(folder, 'pki') });
    await exportPki(pki, join(folder, 'exported'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const certificate = async (persona: PersonaName, kind: Kind) => {
    const key = await pki.holderKey(personaNamed(persona), kind);
    if (key === undefined) throw new Error('the persona has both certificates');
    const path = join(folder, `${persona}-${kind}.cer`);
    await writeFile(path, key.certificate);
    return {
      path,
      serial: Buffer.from(readCertificate(key.certificate).serialNumber).toString('hex').toUpperCase(),
    };
  };

  /** What `openssl verify` says of a certificate with the CA and the CRLs of a generation. */
  const verify = async (path: string, kind: Kind, ca: number, crl: number, ...options: readonly string[]) => {
    const files = [
      '-CAfile',
      exported(`simulator-${kind}-ca-${ca}.pem`),
      '-CRLfile',
      exported(`simulator-${kind}-ca-${crl}.crl`),
    ];
    const { exitCode, stdout, stderr } = await run('openssl', ['verify', ...options, ...files, path]);
    return { exitCode, output: stdout + stderr };
  };

  test.each(KINDS.flatMap((kind) => [1, 2, 3].map((generation) => [kind, generation] as const)))(
    'are signed by their CA: %s, generation %i',
    async (kind, generation) => {
      const names = [
        exported(`simulator-${kind}-ca-${generation}.crl`),
        exported(`simulator-${kind}-ca-${generation}.pem`),
      ];
      const [crl = '', ca = ''] = names;
      const { exitCode, stderr } = await run('openssl', [
        'crl',
        '-inform',
        'DER',
        '-in',
        crl,
        '-noout',
        '-CAfile',
        ca,
        '-verify',
      ]);
      expect(stderr).toContain('verify OK');
      expect(exitCode).toBe(0);
    },
  );

  test.each(KINDS)('let a certificate pass that is not revoked: %s', async (kind) => {
    for (const options of [['-crl_check'], ['-crl_check_all'], ['-crl_check', '-x509_strict']]) {
      for (const [persona, generation] of [
        ['adult', 3],
        ['generation-2', 2],
      ] as const) {
        const { path } = await certificate(persona, kind);
        const { exitCode, output } = await verify(path, kind, generation, generation, ...options);
        expect(output).toContain(': OK');
        expect(exitCode).toBe(0);
      }
    }
  });

  test.each(KINDS)('stop the certificates of the revoked persona: %s', async (kind) => {
    const { path } = await certificate('revoked', kind);
    const { exitCode, output } = await verify(path, kind, 3, 3, '-crl_check');
    expect(output).toContain('certificate revoked');
    expect(exitCode).not.toBe(0);
    expect((await verify(path, kind, 3, 3)).output).toContain(': OK');
  });

  test.each(KINDS)('do not speak for another key of the CA with the same name: %s', async (kind) => {
    const { path } = await certificate('adult', kind);
    const { exitCode, output } = await verify(path, kind, 3, 2, '-crl_check');
    expect(output).toMatch(/CRL/);
    expect(exitCode).not.toBe(0);
  });

  test('tell number, reason and the day of the revocation', async () => {
    const { serial } = await certificate('revoked', 'auth');
    const options = ['-inform', 'DER', '-in', exported('simulator-auth-ca-3.crl'), '-noout', '-text'];
    const { stdout } = await run('openssl', ['crl', ...options]);
    expect(stdout).toContain('Version 2 (0x1)');
    expect(stdout).toContain(`Serial Number: ${serial}`);
    expect(stdout).toContain('Cessation Of Operation');
    expect(stdout).toMatch(/X509v3 CRL Number:\s+\d+/);
    expect(stdout).toContain('X509v3 Authority Key Identifier');
  });
});

describe('the exported cv-anchors.json', sharedRequirement('cv-anchors.json'), () => {
  type Anchors = { source: string; anchors: Record<string, string>[] };
  const read = async (path: string): Promise<Anchors> => JSON.parse(await readFile(path, 'utf8'));

  test('has the shape of the one of the real hierarchies, and none of its keys', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jpki-anchors-'));
    try {
      await exportPki(await openSimulatorPki({ folder: join(folder, 'pki') }), folder);
      const [ours, real] = [
        await read(join(folder, 'cv-anchors.json')),
        await read(sharedPath('cv-anchors.json')),
      ];
      expect(Object.keys(ours)).toEqual(Object.keys(real));
      const shapes = ({ anchors }: Anchors) =>
        new Set(
          anchors.map((anchor) =>
            Object.entries(anchor)
              .map(([key, value]) => `${key} ${typeof value}`)
              .join(),
          ),
        );
      expect(shapes(ours)).toEqual(shapes(real));
      const column = ({ anchors }: Anchors, name: string) => anchors.map((anchor) => anchor[name] ?? '');
      // The same applications; the ids differ in their first digit alone: 9, where production has 5 and the tests 6.
      expect(new Set(column(ours, 'application'))).toEqual(new Set(column(real, 'application')));
      const rest = (anchors: Anchors) => new Set(column(anchors, 'keyId').map((id) => id.slice(2)));
      expect(rest(ours)).toEqual(rest(real));
      expect(column(ours, 'keyId').every((id) => id.startsWith('39'))).toBe(true);
      expect(column(ours, 'modulus').filter((modulus) => column(real, 'modulus').includes(modulus))).toEqual(
        [],
      );
      expect(column(ours, 'exponent')).toEqual(Array(3).fill(real.anchors[0]?.['exponent']));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
