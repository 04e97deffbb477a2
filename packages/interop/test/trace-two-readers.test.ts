import { toHex } from '@jpki/iso7816';
import { openVirtualCard } from '@jpki/simulator';
import { serveVpcd } from '@jpki/simulator/vpcd';
import { importTrace, type Trace } from '@jpki/trace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScRequirement, runOpenSc } from '../src/opensc-run.ts';
import { type ServedCard, serveCard } from '../src/served-card.ts';

/** The commands of a trace in which nothing was left out. */
function commandsOf(trace: Trace): string[] {
  return trace.entries.flatMap((entry) =>
    entry.type === 'command'
      ? [entry.bytes.map((part) => (part instanceof Uint8Array ? toHex(part) : '?')).join('')]
      : [],
  );
}

describe('two cards in two readers of one pcscd', openScRequirement(), () => {
  let served: ServedCard;
  const second: string[] = [];
  const abort = new AbortController();
  let serving: Promise<void>;

  beforeAll(async () => {
    served = await serveCard('adult', { verbosity: 'all in colour' });
    const card = await openVirtualCard({ persona: 'child', pki: served.pki });
    await new Promise<void>((onConnected) => {
      serving = serveVpcd(
        {
          atr: card.atr,
          transmit: (command) => {
            second.push(toHex(command));
            return card.transmit(command);
          },
          powerOn: () => card.powerOn(),
          powerOff: () => card.powerOff(),
          reset: () => card.reset(),
        },
        { port: served.pcscd.slots[1]?.port ?? 0, signal: abort.signal, onConnected },
      );
    });
  });
  afterAll(async () => {
    abort.abort();
    await serving;
    await served?.[Symbol.asyncDispose]();
  });

  const reader = (slot: number) => served.pcscd.slots[slot]?.readerName ?? 'none';

  test('two programs at the same time are told apart, and each trace is of one card', async () => {
    const inserted = () =>
      [0, 1].every((slot) => served.pcscd.log.includes(`Card inserted into ${reader(slot)}`));
    await expect.poll(inserted, { timeout: 60_000 }).toBe(true);
    const [first, other] = await Promise.all([
      runOpenSc(served, 'pkcs15-tool', ['--reader', reader(0), '--read-certificate', '01']),
      runOpenSc(served, 'opensc-tool', ['--reader', reader(1), '--name']),
    ]);
    expect([first.result.exitCode, other.result.exitCode], first.result.stderr + other.result.stderr).toEqual(
      [0, 0],
    );
    const log = served.pcscd.log;
    const traces = [0, 1].map((slot) => importTrace(log, { holder: 'invented', reader: reader(slot) }));
    expect(traces.map(commandsOf)).toEqual([served.commands, second]);
    expect(second.length).toBeGreaterThan(20);
    expect(traces.map(({ header }) => header.reader)).toEqual([reader(0), reader(1)]);
    expect(commandsOf(importTrace(log, { holder: 'invented' }))).toEqual(served.commands);
    expect(traces[0]?.entries[0]).toMatchObject({ type: 'note', text: expect.stringContaining(reader(1)) });
  });
});
