import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMAND, numbers } from '../../test/scripted-messages.ts';
import {
  type ScriptedReader,
  ScriptedService,
  type ScriptedServiceOptions,
} from '../../test/scripted-service.ts';
import type { ObservedReader, ReaderObservation } from '../binding.ts';
import { socketBinding } from './socket-binding.ts';

const until = (check: () => void) => vi.waitFor(check, { interval: 2, timeout: 10_000 });

let service: ScriptedService;
let observation: ReaderObservation;

afterEach(async () => {
  await observation?.close();
  await service?.[Symbol.asyncDispose]();
});

/** Observes a service of these properties; tells every update and the loss. */
async function observed(options: ScriptedServiceOptions) {
  service = await ScriptedService.start(options);
  const updates: (readonly ObservedReader[])[] = [];
  const lost: unknown[] = [];
  const binding = socketBinding({ path: service.path });
  observation = binding.observe({
    update: (readers) => updates.push(readers),
    lost: (error) => lost.push(error),
  });
  return { updates, lost, binding };
}

const atr = Uint8Array.of(0x3b, 0x80, 0x01, 0x81);
const empty: ScriptedReader = { name: 'Reader A 00 00' };
const full: ScriptedReader = { ...empty, state: 0x34, changes: 1, atr };
const mute: ScriptedReader = { name: 'リーダー B 00 01', state: 0x0c, changes: 7 };

const dialects: readonly ScriptedServiceOptions[] = [
  { minor: 4 },
  { minor: 5 },
  { minor: 5, leniency: 'all' },
  { minor: 6, leniency: 'older' },
  { minor: 7, leniency: 'older' },
];

describe.each(dialects)('readers of a service of %o', (dialect) => {
  test('are told complete at first, and then after every change', async () => {
    const { updates, lost } = await observed({ ...dialect, readers: [empty, mute] });
    await until(() => expect(service.waiting).toBe(1));
    expect(updates).toEqual([
      [
        { name: empty.name, cardPresent: false, unresponsive: false, changes: 0 },
        { name: mute.name, cardPresent: true, unresponsive: true, changes: 7 },
      ],
    ]);
    service.change([full, mute]);
    await until(() => expect(updates.length).toBe(2));
    expect(updates[1]?.[0]).toEqual({
      name: full.name,
      cardPresent: true,
      unresponsive: false,
      atr,
      changes: 1,
    });
    await until(() => expect(service.waiting).toBe(1));
    service.change([mute]);
    await until(() => expect(updates.length).toBe(3));
    expect(updates[2]?.map(({ name }) => name)).toEqual([mute.name]);
    expect(lost).toEqual([]);
  });

  test('are told at once when there are none', async () => {
    const { updates } = await observed(dialect);
    await until(() => expect(updates).toEqual([[]]));
  });

  test('are told the same when every byte comes alone', async () => {
    const { updates } = await observed({ ...dialect, readers: [full], piece: 1 });
    await until(() => expect(updates.length).toBe(1));
    expect(updates[0]).toEqual([
      { name: full.name, cardPresent: true, unresponsive: false, atr, changes: 1 },
    ]);
  });

  test('are forgotten by the service after a close', async () => {
    const { updates } = await observed({ ...dialect, readers: [full] });
    await until(() => expect(service.waiting).toBe(1));
    await observation.close();
    await observation.close();
    expect(service.received.at(-1)?.command).toBe(COMMAND.stopWaiting);
    await until(() => expect(service.clients).toBe(0));
    service.change([empty]);
    expect(updates.length).toBe(1);
  });

  test('are lost once when the service hangs up', async () => {
    const { lost } = await observed({ ...dialect, readers: [full] });
    await until(() => expect(service.waiting).toBe(1));
    service.hangUp();
    await until(() => expect(lost).toMatchObject([{ scardCode: 0x80100013 }]));
    await observation.close();
  });
});

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...empty, name: `Reader ${index} 00 00` }));

describe('the number of readers', () => {
  test('is 16 up to 4:5, and the service says how many at 4:6', async () => {
    const old = await observed({ minor: 5, readers: many(40) });
    expect(old.binding.capabilities.maxReaders).toBe(16);
    await until(() => expect(old.updates[0]?.length).toBe(16));
    await observation.close();
    await service[Symbol.asyncDispose]();
    const { updates, binding } = await observed({ minor: 6, readers: many(40) });
    await until(() => expect(updates[0]?.length).toBe(40));
    expect(binding.capabilities.maxReaders).toBeGreaterThan(40);
  });

  test('can grow while it is told', async () => {
    let grown = false;
    const { updates, lost } = await observed({
      minor: 6,
      readers: many(16),
      override: ({ command }) => {
        if (command !== COMMAND.allReaderStates || grown) return undefined;
        grown = true;
        service.readers = many(17);
        return undefined;
      },
    });
    await until(() => expect(updates.at(-1)?.length).toBe(17));
    expect(updates.length).toBe(1);
    expect(lost).toEqual([]);
  });
});

describe('a change that comes while readers are told', () => {
  // At 4:6 the service takes the client down for news first and tells the readers then, without a lock.
  test.each([COMMAND.waitForChange, COMMAND.readerStatesSize, COMMAND.allReaderStates])(
    'before the answer to command %i is not taken for a reader',
    async (early) => {
      let done = false;
      const { updates, lost } = await observed({
        minor: 6,
        readers: [empty],
        override: ({ command, client }) => {
          if (service.waiting === 0 || done) return undefined;
          if (command !== early && early !== COMMAND.waitForChange) return undefined;
          done = true;
          service.readers = [full];
          client.write(numbers(0, 0));
          return undefined;
        },
      });
      await until(() => expect(updates.at(-1)?.[0]?.cardPresent).toBe(true));
      expect(done).toBe(true);
      expect(updates.flat().map(({ name }) => name)).toEqual(updates.flat().map(() => empty.name));
      expect(lost).toEqual([]);
    },
  );
});

test('who shares a card may change at every moment, and is not told', async () => {
  let sharing = 0;
  const { updates, lost } = await observed({
    minor: 4,
    override: ({ command }) => {
      if (command === COMMAND.readerStates || command === COMMAND.waitForChange)
        service.readers = [{ ...full, sharing: ++sharing }];
      return undefined;
    },
  });
  for (let round = 1; round <= 30; round++) {
    await until(() => expect(service.waiting).toBe(1));
    service.change(service.readers);
  }
  await until(() => expect(service.waiting).toBe(1));
  expect(updates.length).toBe(1);
  expect(service.announced).toEqual([6, 4]);
  expect(lost).toEqual([]);
});

describe('a service that breaks its protocol', () => {
  const violation = { name: 'PcscError', code: 'ERR_PCSC_INTERNAL' };

  test.each([
    ['announces more readers than there can be', COMMAND.readerStatesSize, numbers(5_000)],
    ['announces less than none', COMMAND.readerStatesSize, numbers(-1)],
    ['sends more than it was asked for', COMMAND.version, numbers(4, 6, 0, 0)],
    ['sends megabytes', COMMAND.version, Buffer.alloc(4_000_000)],
  ])('and %s is lost with a typed error', async (_, command, answer) => {
    const override = (received: { command: number }) => (received.command === command ? answer : undefined);
    const { lost, updates } = await observed({ minor: 6, override });
    await until(() => expect(lost.length).toBe(1));
    expect(lost[0]).toMatchObject({
      name: 'PcscError',
      code: expect.stringMatching(/^ERR_PCSC_(INTERNAL|UNSUPPORTED)$/),
    });
    expect(updates).toEqual([]);
  });

  test('and never tells the same twice is given up', async () => {
    let changes = 0;
    const { lost } = await observed({
      minor: 4,
      override: ({ command }) => {
        if (command === COMMAND.readerStates || command === COMMAND.waitForChange)
          service.readers = [{ ...empty, changes: ++changes }];
        return undefined;
      },
    });
    await until(() => expect(lost).toMatchObject([violation]));
  });

  test('and says nothing at all does not keep a close waiting', async () => {
    for (const silent of [
      COMMAND.version,
      COMMAND.readerStatesSize,
      COMMAND.waitForChange,
      COMMAND.stopWaiting,
    ]) {
      let isSilent = false;
      const { lost } = await observed({
        minor: 6,
        readers: [full],
        override: ({ command }) => {
          isSilent ||= command === silent;
          return isSilent ? 'silence' : undefined;
        },
      });
      await until(() => expect(service.received.length).toBeGreaterThan(0));
      if (silent !== COMMAND.version) await until(() => expect(service.received.length).toBeGreaterThan(2));
      await observation.close();
      expect(lost).toEqual([]);
      await service[Symbol.asyncDispose]();
    }
  });
});
