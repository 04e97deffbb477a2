import { toHex } from '@jpki/iso7816';
import { formatTrace, importTrace, logFormat, type MaskedBytes, type Trace } from '@jpki/trace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenScRun, openScRequirement, runOpenSc, spyRequirement } from '../src/opensc-run.ts';
import { requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { type ServedCard, type ServedExchange, serveCard } from '../src/served-card.ts';

/** The user authentication PIN of the invented adult, as it stands in VERIFY. */
const PIN = '31323334';

/** What a trace says that was exchanged: commands and responses in pairs, placeholders as they are written. */
function exchangesOf(trace: Trace): ServedExchange[] {
  const bytes = trace.entries.flatMap((entry) =>
    entry.type === 'command' || entry.type === 'response' ? [written(entry.bytes)] : [],
  );
  return bytes.flatMap((command, index) =>
    index % 2 === 0 ? [{ command, response: bytes[index + 1] ?? 'none' }] : [],
  );
}

function written(bytes: MaskedBytes): string {
  return bytes
    .map((part) => (part instanceof Uint8Array ? toHex(part) : `{${part.type}:${part.length}}`))
    .join('');
}

/** What the card saw, without the PIN. */
function withoutPin(exchanges: readonly ServedExchange[]): ServedExchange[] {
  return exchanges.map(({ command, response }) => ({
    command: command.replace(/^(0020008004).*$/, '$1{pin:4}'),
    response,
  }));
}

/** OpenSC looks at the card, takes the PIN and signs: 78 APDUs with OpenSC 0.23. */
async function sign(
  served: ServedCard,
  options: { spy?: boolean; debug?: boolean } = {},
): Promise<OpenScRun> {
  await served.save('document', 'signed by OpenSC, and logged');
  const done = await runOpenSc(
    served,
    'pkcs11-tool',
    [
      ...['--slot-index', '0', '--login', '--pin', '1234', '--sign', '--id', '01'],
      ...['--mechanism', 'SHA256-RSA-PKCS', '--input-file', 'document', '--output-file', 'signature'],
    ],
    { cwd: served.folder, spy: options.spy ?? false, env: { OPENSC_DEBUG: options.debug ? '9' : undefined } },
  );
  expect(done.result.exitCode, done.result.stderr).toBe(0);
  expect(done.exchanges.length).toBeGreaterThan(20);
  expect(done.exchanges.some(({ command }) => command.includes(PIN))).toBe(true);
  return done;
}

/** The holder's certificate that OpenSC read, in pieces of 16 bytes; without what the CA's public one has as well. */
async function certificatePieces(served: ServedCard): Promise<string[]> {
  const key = await served.pki.holderKey(served.card.persona, 'auth');
  const ca = toHex(await served.pki.caCertificate('auth'));
  const pieces = toHex(key?.certificate ?? new Uint8Array()).match(/.{32}/g) ?? [];
  return pieces.filter((piece) => !ca.includes(piece));
}

/** Looks at everything but responses: certificates and signatures have any four bytes by chance, and no card tells a PIN. */
function hasNoPin(trace: Trace): void {
  const entries = trace.entries.filter(({ type }) => type !== 'response');
  const text = formatTrace({ ...trace, entries });
  expect(text).not.toContain(PIN);
  expect(text).not.toMatch(/\b1234$/m);
  expect(text).toContain('> 0020008004{pin:4}\n');
}

describe('one run of OpenSC on the virtual card, logged by everybody', openScRequirement(), () => {
  let served: ServedCard;
  let done: OpenScRun;

  beforeAll(async () => {
    served = await serveCard('adult', { verbosity: 'all' });
    done = await sign(served, { debug: true });
  });
  afterAll(() => served?.[Symbol.asyncDispose]());

  test.each([
    ['pcscd', () => done.pcscdLog],
    ['opensc', () => done.result.stderr],
  ] as const)(
    'the log of %s has the PIN in the clear; the trace has every other byte that the card saw',
    (format, log) => {
      expect(logFormat(log())).toBe(format);
      expect(log()).toContain('31 32 33 34');
      const trace = importTrace(log(), { holder: 'invented' });
      expect(exchangesOf(trace)).toEqual(withoutPin(done.exchanges));
      hasNoPin(trace);
      expect(trace.header).toMatchObject({
        atr: served.card.atr,
        protocol: 'T=1',
        reader: served.pcscd.slots[0]?.readerName,
        holder: 'invented',
      });
      expect(trace.entries.filter(({ type }) => type === 'note' || type === 'event')).toEqual([]);
    },
  );

  test.each([
    ['pcscd', () => done.pcscdLog],
    ['opensc', () => done.result.stderr],
  ] as const)('of a person, the log of %s leaves nothing of the certificate either', async (_, log) => {
    const trace = importTrace(log());
    expect(exchangesOf(trace)).toHaveLength(done.exchanges.length);
    hasNoPin(trace);
    const text = exchangesOf(trace)
      .map(({ command, response }) => command + response)
      .join('\n');
    const pieces = await certificatePieces(served);
    expect(done.exchanges.map(({ response }) => response).join('')).toContain(pieces.at(-1));
    expect(pieces.filter((piece) => text.includes(piece))).toEqual([]);
  });

  test('the times of pcscd are those of a card, and the software is named', () => {
    const pcscd = importTrace(done.pcscdLog);
    expect(pcscd.header.software).toMatch(/^pcsc-lite [\d.]+$/);
    const times = pcscd.entries.flatMap((entry) =>
      entry.type === 'response' ? [entry.milliseconds ?? -1] : [],
    );
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThan(60_000);
    expect(importTrace(done.result.stderr).header.software).toMatch(/^OpenSC [\d.]+ \(opensc-pkcs11\)$/);
  });
});

describe.each(['apdus', 'all in colour'] as const)('a pcscd that logs %s', (verbosity) => {
  test('its log becomes a trace of what the card saw', openScRequirement(), async () => {
    await using served = await serveCard('adult', { verbosity });
    const { pcscdLog, exchanges } = await sign(served);
    const trace = importTrace(pcscdLog, { holder: 'invented' });
    expect(exchangesOf(trace)).toEqual(withoutPin(exchanges));
    hasNoPin(trace);
    expect(trace.header.reader).toBe(verbosity === 'apdus' ? undefined : served.pcscd.slots[0]?.readerName);
  });
});

describe(
  'pcsc-spy between OpenSC and the service',
  requirements(openScRequirement(), spyRequirement()),
  () => {
    let served: ServedCard;
    let done: OpenScRun;
    let spyFile: string;

    beforeAll(async () => {
      served = await serveCard();
      done = await sign(served, { spy: true });
      spyFile = await served.save('spied', done.spyFile);
    });
    afterAll(() => served?.[Symbol.asyncDispose]());

    test.each([
      ['in colours', []],
      ['without', ['--nocolor']],
      ['for diff', ['--nocolor', '--diffable']],
      ['with threads', ['--thread']],
    ])('what it prints %s becomes a trace of what the card saw', async (_, options) => {
      const { stdout } = await run('pcsc-spy', [...options, spyFile]);
      expect(logFormat(stdout)).toBe('pcsc-spy');
      expect(stdout).toContain('31 32 33 34');
      const trace = importTrace(stdout, { holder: 'invented' });
      expect(exchangesOf(trace)).toEqual(withoutPin(done.exchanges));
      hasNoPin(trace);
      expect(trace.header).toMatchObject({
        atr: served.card.atr,
        protocol: 'T=1',
        reader: served.pcscd.slots[0]?.readerName,
      });
      const times = trace.entries.filter(
        (entry) => entry.type === 'response' && entry.milliseconds !== undefined,
      );
      expect(times).toHaveLength(options.includes('--diffable') ? 0 : done.exchanges.length);
    });

    test('the file it reads is none that can be imported', () => {
      expect(() => importTrace(done.spyFile)).toThrow(/what pcsc-spy prints/);
    });
  },
);
