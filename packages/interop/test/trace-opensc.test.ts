import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@jpki/iso7816';
import { formatTrace, parseTrace, type Trace } from '@jpki/trace';
import { beforeAll, describe, expect, test } from 'vitest';
import { type GoldenRun, openScRequirement, recordOpenScRuns } from '../src/opensc-run.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

/** Commands in short: the header of four bytes. */
function headers(trace: Trace): string[] {
  return trace.entries.flatMap((entry) => {
    const first = entry.type === 'command' ? entry.bytes[0] : undefined;
    return first instanceof Uint8Array ? [toHex(first.subarray(0, 4))] : [];
  });
}

const golden = async (file: string) => {
  const text = await readFile(join(repositoryFolder, 'apdu-traces', 'golden', file), 'utf8');
  return { text, trace: parseTrace(text) };
};

const FILES = ['opensc-read-certificate.apdu', 'opensc-sign.apdu'];

describe("OpenSC's own run among the golden traces", () => {
  test.each([
    ['opensc-read-certificate.apdu', 43],
    ['opensc-sign.apdu', 38],
  ])('%s has %d commands, 29 of them for other cards', async (file, commands) => {
    const { text, trace } = await golden(file);
    expect(formatTrace(trace)).toBe(text);
    expect(headers(trace)).toHaveLength(commands);
    const other = trace.entries.filter(({ type }) => type === 'heading' || type === 'command');
    expect(other.findIndex((entry, index) => index > 0 && entry.type === 'heading') - 1).toBe(29);
    expect(trace.header).toMatchObject({
      holder: 'invented',
      software: expect.stringContaining('OpenSC 0.23.0'),
    });
  });

  test('the signing one has the PIN as a placeholder', async () => {
    expect((await golden('opensc-sign.apdu')).text).toContain('\n> 0020008004{pin:4}\n< 9000');
  });

  describe('recorded again', openScRequirement(), () => {
    let runs: readonly GoldenRun[];

    beforeAll(async () => {
      runs = await recordOpenScRuns();
    });

    test('gives files of the same names that say the same commands, if OpenSC is the same', async () => {
      expect(runs.map(({ file }) => file)).toEqual(FILES);
      for (const { file, trace } of runs) {
        const before = (await golden(file)).trace;
        expect(parseTrace(formatTrace(trace)).entries).toHaveLength(trace.entries.length);
        expect(headers(trace)).toContain('00A4040C');
        if (trace.header.software === before.header.software) expect(headers(trace)).toEqual(headers(before));
      }
    });
  });
});
