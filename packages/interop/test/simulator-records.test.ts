import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, readTlv, readTlvs, toHex } from '@jpki/iso7816';
import { openSimulatorPki, openVirtualCard, type VirtualCard } from '@jpki/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

const SELECT_TEXT = '00A4040C0AD3921000310001010408';

describe("the simulator's records, beside the test card", sharedRequirement('test-card/text'), () => {
  let folder: string;
  let card: VirtualCard;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-records-'));
    card = await openVirtualCard({ pki: await openSimulatorPki({ folder }) });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const send = async (command: string) => {
    const answer = Buffer.from(await card.transmit(fromHex(command)));
    expect(answer.subarray(-2).toString('hex')).toBe('9000');
    return answer.subarray(0, -2);
  };

  const textFile = async (id: number) => {
    await send(SELECT_TEXT);
    await send('00200091 04 32333435');
    return send(`00B0${(0x80 + id).toString(16)}00000000`);
  };

  const real = (...path: readonly string[]) => readFile(sharedPath('test-card', ...path));

  test('0001 differs in the twelve digits alone', async () => {
    const bytes = Buffer.from(await textFile(1));
    const theirs = await real('text', '0001.bin');
    bytes.set(theirs.subarray(3, 15), 3);
    expect(toHex(bytes)).toBe(toHex(theirs));
  });

  test('0002 has the same objects, and offsets that point at them', async () => {
    const tags: number[][] = [];
    for (const file of [await textFile(2), await real('text', '0002.bin')]) {
      const { value, encoded } = readTlv(file);
      const [table, ...fields] = readTlvs(value);
      const places = fields.map((field) => field.encoded.byteOffset - encoded.byteOffset);
      expect(toHex(table?.value ?? new Uint8Array())).toBe(
        places
          .map((place) => place.toString(16).padStart(4, '0'))
          .join('')
          .toUpperCase(),
      );
      tags.push(fields.map(({ tag }) => tag));
    }
    expect(tags[0]).toEqual(tags[1]);
  });

  test.each([
    {
      name: '0003',
      id: 3,
      own: [
        [8, 40],
        [43, 75],
        [80, 336],
      ],
    },
    { name: '0006', id: 6, own: [[13, 269]] },
    {
      name: '0007',
      id: 7,
      own: [
        [19, 275],
        [280, 536],
      ],
    },
  ] as const)('$name differs in keys, hashes and signatures alone', async ({ name, id, own }) => {
    const [ours, theirs] = [await textFile(id), await real('text', `${name}.bin`)];
    for (const [start, end] of own) {
      ours.fill(0, start, end);
      theirs.fill(0, start, end);
    }
    expect(toHex(ours)).toBe(toHex(theirs));
  });

  test('0004 and the certificates at card level differ in names, keys and signatures alone', async () => {
    const pairs = [
      [await textFile(4), await real('text', '0004.bin')],
      [await cardLevel('00F8'), await real('mf', '00F8.bin')],
      [await cardLevel('7F21'), await real('mf', '7F21.bin')],
    ] as const;
    for (const [ours, theirs] of pairs) {
      expect(ours).toHaveLength(theirs.length);
      expect(masked(ours)).toBe(masked(theirs));
    }
  });

  test('0005 differs in the first digit of a key id and in 32 unknown bytes', async () => {
    const bytes = Buffer.from(await textFile(5));
    const theirs = await real('text', '0005.bin');
    bytes.set(theirs.subarray(15, 16), 15);
    bytes.set(theirs.subarray(36, 68), 36);
    expect(toHex(bytes)).toBe(toHex(theirs));
  });

  async function cardLevel(tag: string): Promise<Buffer> {
    await send('00A4040C07A0000001510000');
    return send(`00CA${tag}000000`);
  }
});

/** A card-verifiable certificate with the digits of its names, its modulus and its signature blanked out. */
function masked(certificate: Uint8Array): string {
  const bytes = Buffer.from(certificate);
  const body = bytes.indexOf('5f4e820129', 0, 'hex') + 5;
  // Of a name `9000033 08 05 001 000000 00` the seven digits may differ.
  bytes.fill(0, body, body + 7);
  bytes.fill(0, body + 16, body + 23);
  bytes.fill(0, body + 41, body + 297);
  bytes.fill(0, bytes.length - 256);
  return bytes.toString('hex');
}
