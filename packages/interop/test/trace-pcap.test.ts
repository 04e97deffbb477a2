import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, toHex } from '@jpki/iso7816';
import { type MaskedBytes, parseTrace, type Trace, traceToPcap } from '@jpki/trace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandRequirement } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

/** What tshark says of one packet. */
interface Packet {
  readonly info: string;
  /** The APDU, hex, of a chain with its last block. Fields show the beginning of long bytes only, PDML all of them. */
  readonly inf: string;
  readonly protocols: string;
  readonly statusWord: string;
  /** Seconds since 1970. */
  readonly time: number;
}

const FIELDS = [
  '_ws.col.Info',
  'frame.protocols',
  'frame.time_epoch',
  'iso7816.apdu.sw1',
  'iso7816.apdu.sw2',
  '_ws.malformed',
];

/** Hex as its length and its hash: a difference stays readable. */
function short(hex: string): string {
  return hex.length <= 40
    ? hex
    : `${hex.slice(0, 16)}… ${hex.length / 2} bytes ${createHash('sha256').update(hex).digest('hex').slice(0, 8)}`;
}

/** What was sent, with zeros for placeholders. */
function filled(bytes: MaskedBytes): string {
  return bytes.map((part) => (part instanceof Uint8Array ? toHex(part) : '00'.repeat(part.length))).join('');
}

describe('tshark on an exported trace', commandRequirement('tshark', 'tshark'), () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-pcap-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The command line that people are told, and two ways to show the result. */
  async function dissect(trace: Trace): Promise<Packet[]> {
    const file = join(folder, 'trace.pcap');
    await writeFile(file, traceToPcap(trace));
    const tshark = async (...output: readonly string[]) => {
      const args = ['-r', file, '-d', 'iso14443.subdissector,iso7816', ...output];
      const { stdout, stderr, exitCode } = await run('tshark', args);
      expect(exitCode, stderr).toBe(0);
      return stdout;
    };
    const fields = await tshark(
      '-T',
      'fields',
      '-E',
      'separator=|',
      ...FIELDS.flatMap((field) => ['-e', field]),
    );
    const packets = (await tshark('-T', 'pdml')).split('<packet>').slice(1);
    const chained: string[] = [];
    return fields
      .trimEnd()
      .split('\n')
      .flatMap((line, index) => {
        const [info = '', protocols = '', time, sw1, sw2, malformed] = line.split('|');
        expect(malformed, line).toBe('');
        const inf =
          /<field name="iso14443\.inf"[^>]* value="([0-9a-f]*)"/.exec(packets[index] ?? '')?.[1] ?? '';
        chained.push(inf.toUpperCase());
        if (info.includes('I-block, Chaining')) return [];
        return [
          {
            info,
            inf: short(chained.splice(0).join('')),
            protocols,
            statusWord: `${sw1} ${sw2}`,
            time: Number(time),
          },
        ];
      });
  }

  test("OpenSC's golden trace comes out APDU by APDU, named as ISO 7816 names them", async () => {
    const text = await readFile(join(repositoryFolder, 'apdu-traces/golden/opensc-sign.apdu'), 'utf8');
    const trace = parseTrace(text);
    const sent = trace.entries.filter((entry) => entry.type === 'command' || entry.type === 'response');
    const packets = await dissect(trace);
    expect(packets.map(({ inf }) => inf)).toEqual(sent.map(({ bytes }) => short(filled(bytes))));
    expect(new Set(packets.map(({ protocols }) => protocols))).toEqual(new Set(['iso14443:iso7816']));
    expect(packets.slice(0, 2).map(({ info }) => info)).toEqual([
      'Select file',
      'Response APDU (to Select file)',
    ]);
    expect(packets.map(({ info }) => info)).toContain('Response APDU (to Verify)');
    expect(packets.filter(({ info }) => info.startsWith('Response APDU'))).toHaveLength(sent.length / 2);
    // The signature: 256 bytes, so that its status word is in the second block of a chain.
    expect(sent.at(-1)?.bytes.reduce((length, part) => length + part.length, 0)).toBe(258);
    expect(packets.at(-1)).toMatchObject({
      info: expect.stringMatching(/^Response APDU/),
      statusWord: '0x90 0x00',
    });
  });

  test('extended APDUs are whole, and the times are those of the trace', async () => {
    const read = fromHex('00B00000001000');
    const answer = Uint8Array.from({ length: 4098 }, (_, index) =>
      index < 4096 ? index & 0xff : ([0x90, 0][index - 4096] ?? 0),
    );
    const write = Uint8Array.of(0, 0xd6, 0, 0, 0, 0xff, 0xff, ...new Uint8Array(65_525).fill(0x5a));
    const packets = await dissect({
      header: { recorded: new Date('2026-11-21T03:00:00.000Z') },
      entries: [
        { type: 'command', bytes: [read] },
        { type: 'response', bytes: [answer], milliseconds: 312.5 },
        { type: 'command', bytes: [write] },
        { type: 'response', bytes: [fromHex('9000')] },
      ],
    });
    expect(packets.map(({ inf }) => inf)).toEqual([
      ...[read, answer, write].map((bytes) => short(toHex(bytes))),
      '9000',
    ]);
    expect(packets.map(({ info }) => info)).toEqual([
      'Read binary, offset 0',
      'Response APDU (to Read binary)',
      'Update binary',
      'Response APDU (to Update binary)',
    ]);
    const start = Date.parse('2026-11-21T03:00:00.001Z') / 1000;
    expect(packets[0]?.time).toBeCloseTo(start, 5);
    expect(packets[1]?.time).toBeCloseTo(start + 0.3125, 5);
  });

  test('a card that was taken out and put in again is a field that went off and on', async () => {
    const exchange: Trace['entries'] = [
      { type: 'command', bytes: [fromHex('00840000' + '08')] },
      { type: 'response', bytes: [fromHex('6D00')] },
    ];
    const packets = await dissect({
      header: {},
      entries: [
        ...exchange,
        { type: 'event', event: 'removed' },
        { type: 'event', event: 'connected' },
        ...exchange,
      ],
    });
    expect(packets.map(({ info }) => info)).toEqual([
      'Get challenge',
      'Response APDU (to Get challenge)',
      'Field off',
      'Field on',
      'Get challenge',
      'Response APDU (to Get challenge)',
    ]);
  });
});
