import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificate } from '@jpki/core';
import { DerReader, Tag } from '@jpki/core/der';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../../test/scratch-folder.ts';
import { ADULT } from '../personas/adult.ts';
import { personaNamed } from '../personas/index.ts';
import { exportPki } from './export.ts';
import { openSimulatorPki, type SimulatorPki } from './simulator-pki.ts';

const scratch = await scratchFolder();
const NOW = new Date('2026-08-20T03:04:05Z');
const target = join(scratch, 'deep', 'exported');

/** The serial numbers a CRL lists (RFC 5280, 5.1), in hex. */
function serialNumbers(crl: Uint8Array): string[] {
  const list = new DerReader(crl).expect(Tag.SEQUENCE).enter().expect(Tag.SEQUENCE).enter();
  for (const tag of [Tag.INTEGER, Tag.SEQUENCE, Tag.SEQUENCE, Tag.UTC_TIME, Tag.UTC_TIME]) list.expect(tag);
  if (!list.optional(Tag.SEQUENCE)) return [];
  const entries = list.enter();
  const serials: string[] = [];
  while (entries.more) {
    const serial = entries.expect(Tag.SEQUENCE).enter().expect(Tag.INTEGER).contents;
    serials.push(Buffer.from(serial).toString('hex'));
  }
  return serials;
}

describe('the exported test PKI', () => {
  let pki: SimulatorPki;
  let names: string[];

  beforeAll(async () => {
    pki = await openSimulatorPki({ folder: join(scratch, 'pki'), clock: () => NOW });
    await mkdir(target, { recursive: true });
    await writeFile(join(target, 'notes.txt'), 'mine');
    names = await exportPki(pki, target);
  });

  test('is a certificate and a CRL of every CA, and the CA keys of card-verifiable certificates', async () => {
    const authorities = ['auth', 'sign'].flatMap((kind) => [1, 2, 3].map((n) => `simulator-${kind}-ca-${n}`));
    const expected = [...authorities.flatMap((name) => [`${name}.crl`, `${name}.pem`]), 'cv-anchors.json'];
    expect([...names].sort()).toEqual(expected.sort());
    expect((await readdir(target)).sort()).toEqual([...expected, 'notes.txt'].sort());
    expect(await readFile(join(target, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('holds the CAs under which cards are issued', async () => {
    for (const kind of ['sign', 'auth'] as const) {
      const text = await readFile(join(target, `simulator-${kind}-ca-3.pem`), 'utf8');
      expect(text).toMatch(/^-----BEGIN CERTIFICATE-----\n(?:[\w+/=]{1,64}\n)+-----END CERTIFICATE-----\n$/);
      const key = await pki.holderKey(ADULT, kind);
      const der = Buffer.from(text.replaceAll(/-----.*?-----|\n/g, ''), 'base64');
      expect(der).toEqual(Buffer.from(key?.caCertificate ?? []));
    }
  });

  test('lists the certificates of the revoked persona and no other', async () => {
    const lists = new Map<string, string[]>();
    for (const name of names.filter((file) => file.endsWith('.crl')))
      lists.set(name, serialNumbers(await readFile(join(target, name))));
    const serial = async (kind: 'sign' | 'auth') => {
      const key = await pki.holderKey(personaNamed('revoked'), kind);
      return Buffer.from(readCertificate(key?.certificate ?? new Uint8Array()).serialNumber).toString('hex');
    };
    expect(lists.get('simulator-sign-ca-3.crl')).toEqual([await serial('sign')]);
    expect(lists.get('simulator-auth-ca-3.crl')).toEqual([await serial('auth')]);
    expect([...lists.values()].flat()).toHaveLength(2);
  });

  test('has CA keys that nobody takes for production or the test hierarchy', async () => {
    const { source, anchors } = JSON.parse(await readFile(join(target, 'cv-anchors.json'), 'utf8'));
    expect(source).toMatch(/^SIMULATOR/);
    expect(anchors.map(({ name }: { name: string }) => name)).toEqual([
      'SIMULATOR 9000020',
      'SIMULATOR 9000023',
      'SIMULATOR 9000033',
    ]);
    for (const { keyId, hierarchy, modulus, exponent, sha256 } of anchors) {
      expect(keyId).toMatch(/^39[0-9a-f]{30}$/);
      expect(hierarchy).toBe('simulator');
      expect(modulus).toMatch(/^[89a-f][0-9a-f]{511}$/);
      expect(exponent).toBe('010001');
      expect(createHash('sha256').update(modulus, 'hex').digest('hex')).toBe(sha256);
    }
    expect(anchors).toEqual(await pki.cvAnchors());
  });

  test('may be read by everybody, and is replaced in one step', async () => {
    await exportPki(pki, target);
    for (const name of names) expect((await stat(join(target, name))).mode & 0o444).toBe(0o444);
    expect((await readdir(target)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  test('lists the certificates of personas of your own', async () => {
    const own = { ...personaNamed('revoked'), name: 'generation-2' as const };
    const folder = join(scratch, 'own');
    await exportPki(pki, folder, { personas: [own] });
    expect(serialNumbers(await readFile(join(folder, 'simulator-auth-ca-3.crl')))).toHaveLength(1);
    await exportPki(pki, folder, { personas: [ADULT] });
    expect(serialNumbers(await readFile(join(folder, 'simulator-auth-ca-3.crl')))).toEqual([]);
  });

  test('that cannot be written is an error with the folder', async () => {
    const file = join(scratch, 'file');
    await writeFile(file, '');
    const folder = join(file, 'exported');
    await expect(exportPki(pki, folder)).rejects.toMatchObject({ code: 'ERR_SIM_EXPORT', folder });
  });
});

test('an export of a PKI that cannot be kept is an error of the PKI', async () => {
  const file = join(scratch, 'no-pki');
  await writeFile(file, '');
  const pki = await openSimulatorPki({ folder: join(file, 'pki') });
  await expect(exportPki(pki, join(scratch, 'nothing'))).rejects.toMatchObject({
    code: 'ERR_SIM_PKI_FOLDER',
  });
});
