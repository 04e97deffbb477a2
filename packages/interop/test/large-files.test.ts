import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpkiRequirement, jpki as runJpki } from '../src/jpki-command.ts';

const MEGABYTE = 1 << 20;
const GIGABYTE = 1 << 30;

/** What the memory of two runs of one program may differ by, for reasons that are not the size of the file. */
const TOLERANCE = 24 * MEGABYTE;

/** Preloaded into the command: writes its peak resident memory, in bytes, to the file that the variable names. */
const MEASURE = `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS * 1024)));`;

describe('a document of one gigabyte', jpkiRequirement(), () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jpki-large-'));
    await writeFile(join(folder, 'measure.cjs'), MEASURE);
    for (const [name, size] of [
      ['small', MEGABYTE],
      ['large', GIGABYTE],
    ] as const) {
      const file = await open(join(folder, name), 'w');
      await file.truncate(size);
      await file.close();
    }
    // Makes the keys, so that no measured run does.
    await jpki('sign', 'small', '--detached', '-o', 'warm.p7s');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs the command on the virtual card and returns its peak memory, bytes. */
  async function jpki(...args: readonly string[]): Promise<number> {
    const peakFile = join(folder, 'peak');
    const env = {
      JPKI_SIM_PKI: join(folder, 'pki'),
      PEAK_FILE: peakFile,
      NODE_OPTIONS: `--require ${join(folder, 'measure.cjs')}`,
      NODE_EXTRA_CA_CERTS: undefined,
    };
    const { exitCode, stderr } = await runJpki(['--card', 'sim:', ...args], {
      cwd: folder,
      env,
      timeout: 500_000,
    });
    expect(exitCode, stderr).toBe(0);
    return Number(await readFile(peakFile, 'utf8'));
  }

  const verify = (...args: readonly string[]) =>
    jpki('verify', ...args, '--trust', 'simulator', '--revocation', 'off');

  test('is signed detached in the memory that one megabyte needs', async () => {
    const small = await jpki('sign', 'small', '--detached', '--force');
    const large = await jpki('sign', 'large', '--detached', '--force');
    expect(large - small).toBeLessThan(TOLERANCE);
  });

  test('is verified detached in the memory that one megabyte needs', async () => {
    const small = await verify('small.p7s');
    const large = await verify('large.p7s');
    expect(large - small).toBeLessThan(TOLERANCE);
  });

  test('is signed and verified attached in the memory that one megabyte needs', async () => {
    const signSmall = await jpki('sign', 'small', '--force');
    const signLarge = await jpki('sign', 'large', '--force');
    expect(signLarge - signSmall).toBeLessThan(TOLERANCE);
    expect((await stat(join(folder, 'large.p7m'))).size).toBeGreaterThan(GIGABYTE);
    const verifySmall = await verify('small.p7m');
    const verifyLarge = await verify('large.p7m');
    expect(verifyLarge - verifySmall).toBeLessThan(TOLERANCE);
  });

  test('is written into the attached form byte for byte', async () => {
    let zeros = 0;
    for await (const chunk of createReadStream(join(folder, 'large.p7m'), { highWaterMark: MEGABYTE })) {
      if (Buffer.isBuffer(chunk) && chunk.equals(Buffer.alloc(chunk.length))) zeros += chunk.length;
    }
    expect(zeros).toBeGreaterThan(GIGABYTE - 2 * MEGABYTE);
  });
});
