import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, readTlv, type Tlv, toHex } from '@jpki/iso7816';
import {
  accessCodes,
  openSimulatorPki,
  openVirtualCard,
  type PersonaName,
  personaNamed,
} from '@jpki/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandRequirement } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

const SELECT_VISUAL = '00A4040C0AD3921000310001010402';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jpki-face-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The files of a persona's 券面事項確認AP that are given, everything verified that opens them. */
async function faceFiles(persona: PersonaName, ...ids: readonly number[]): Promise<Buffer[]> {
  const card = await openVirtualCard({
    persona,
    pki: await openSimulatorPki({ folder: join(folder, 'pki') }),
  });
  const send = async (command: string) => toHex(await card.transmit(fromHex(command)));
  await send(SELECT_VISUAL);
  const { a, birth } = accessCodes(personaNamed(persona)) ?? { a: '', birth: '' };
  await send(`00200093 0C ${Buffer.from(a, 'latin1').toString('hex')}`);
  await send(`00200091 06 ${Buffer.from(birth, 'latin1').toString('hex')}`);
  const files: Buffer[] = [];
  for (const id of ids)
    files.push(Buffer.from((await send(`00B0${(0x80 + id).toString(16)}00000000`)).slice(0, -4), 'hex'));
  return files;
}

/** The first object of a file and what is in it, until something is no object. */
function fields(file: Uint8Array): Tlv[] {
  const { value } = readTlv(file);
  const found: Tlv[] = [];
  for (let at = 0; at < value.length; ) {
    const field = readTlv(value, at);
    found.push(field);
    at += field.encoded.length;
  }
  return found;
}

/** Tags and the bytes of tag and length of a file's objects: how it is written, whatever it says. */
function layout(file: Uint8Array): string[] {
  const outer = readTlv(file);
  return [outer, ...fields(file)].map(
    ({ tag, encoded, value }) => `${tag.toString(16)} ${encoded.length - value.length}`,
  );
}

describe('the face of a simulated card, beside the test card', sharedRequirement('test-card/surface'), () => {
  test.each([
    [1, '0001.bin'],
    [3, '0003.bin'],
    [4, '0004.bin'],
    [5, '0005.bin'],
  ])('EF 000%i is written like the one of the test card', async (id, name) => {
    const real = await readFile(sharedPath('test-card', 'surface', name));
    const [ours = Buffer.alloc(0)] = await faceFiles('adult', id);
    expect(layout(ours)).toEqual(layout(real));
    const lengths = (file: Buffer) =>
      fields(file).map(({ tag, value }) => (tag === 0xdf41 ? 0 : value.length));
    expect(lengths(ours)).toEqual(lengths(real));
  });

  test('the image of the 個人番号 has the chunks and the header of the one of the test card', async () => {
    const real = fields(await readFile(sharedPath('test-card', 'surface', '0005.bin')))[0]?.value;
    const ours = fields((await faceFiles('adult', 5))[0] ?? Buffer.alloc(0))[0]?.value;
    const chunks = (png: Uint8Array | undefined) => {
      const bytes = Buffer.from(png ?? []);
      const found: string[] = [];
      for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at))
        found.push(bytes.toString('latin1', at + 4, at + 8));
      return { header: bytes.toString('hex', 0, 33), chunks: found };
    };
    expect(chunks(ours)).toEqual(chunks(real));
  });
});

describe('the photo, judged by OpenJPEG', commandRequirement('opj_dump', 'libopenjp2-tools'), () => {
  test.each(['adult', 'child', 'foreign-resident'] as const)(
    'has size and coding of the test card: %s',
    async (persona) => {
      const [file = Buffer.alloc(0)] = await faceFiles(persona, 2);
      const photo = fields(file).find(({ tag }) => tag === 0xdf27)?.value ?? new Uint8Array();
      const path = join(folder, `${persona}.jp2`);
      await writeFile(path, photo);
      const { stdout, exitCode } = await run('opj_dump', ['-i', path]);
      expect(exitCode).toBe(0);
      for (const fact of [
        'x1=378, y1=472',
        'numcomps=1',
        'prec=8',
        'sgnd=0',
        'tw=1, th=1',
        'numlayers=1',
        'numresolutions=6',
        'qmfbid=1',
      ])
        expect(stdout).toContain(fact);
    },
  );

  test('decodes to a picture with light and shade', async () => {
    const [file = Buffer.alloc(0)] = await faceFiles('adult', 2);
    const photo = fields(file).find(({ tag }) => tag === 0xdf27)?.value ?? new Uint8Array();
    await writeFile(join(folder, 'photo.jp2'), photo);
    const { exitCode } = await run('opj_decompress', [
      '-i',
      join(folder, 'photo.jp2'),
      '-o',
      join(folder, 'photo.pgm'),
    ]);
    expect(exitCode).toBe(0);
    const picture = await readFile(join(folder, 'photo.pgm'));
    const pixels = picture.subarray(-378 * 472);
    const share = (from: number, to: number) =>
      pixels.filter((grey) => grey >= from && grey < to).length / pixels.length;
    // Dark hair and jacket, a grey background, a light face.
    expect(share(0, 100)).toBeGreaterThan(0.2);
    expect(share(100, 225)).toBeGreaterThan(0.2);
    expect(share(225, 256)).toBeGreaterThan(0.1);
  });
});
