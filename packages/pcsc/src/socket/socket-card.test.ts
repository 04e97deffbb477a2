import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { COMMAND, numbers } from '../../test/scripted-messages.ts';
import { type Override, ScriptedService, type ScriptedServiceOptions } from '../../test/scripted-service.ts';
import type { BindingCard } from '../binding.ts';
import { socketBinding } from './socket-binding.ts';

const NAME = 'Reader A 00 00';
const OK = Uint8Array.of(0x90, 0x00);
const GET_DATA = Uint8Array.of(0x00, 0xca, 0x00, 0x00);

const until = (check: () => void) => vi.waitFor(check, { interval: 2, timeout: 10_000 });

let service: ScriptedService;
const cards: BindingCard[] = [];

const start = async (options: ScriptedServiceOptions = {}) => {
  service = await ScriptedService.start({
    readers: [{ name: NAME, state: 0x34 }],
    answer: (command) => Uint8Array.of(...command, ...OK),
    ...options,
  });
};
const connect = async (): Promise<Required<BindingCard>> => {
  const card = await socketBinding({ path: service.path }).connect(NAME, 'shared');
  cards.push(card);
  return card as Required<BindingCard>;
};
/** The numbers of the last structure with this command. */
const sent = (command: number) => {
  const body = service.received.findLast((received) => received.command === command)?.body;
  return body && Array.from({ length: body.length / 4 }, (_, index) => body.readUInt32LE(index * 4));
};

afterEach(async () => {
  for (const card of cards.splice(0)) await card.disconnect('leave').catch(() => undefined);
  await service[Symbol.asyncDispose]();
});

describe.each([{ minor: 4 }, { minor: 5 }, { minor: 6, leniency: 'older' }, { minor: 6, piece: 1 }] as const)(
  'a card of a service of %o',
  (dialect) => {
    beforeEach(() => start(dialect));

    test('answers commands of every length, in bytes that stay', async () => {
      const card = await connect();
      expect(card.protocol).toBe('T=1');
      const first = await card.transmit(GET_DATA);
      for (const length of [0, 1, 261, 262, 4_000]) {
        const command = new Uint8Array(length).fill(length);
        expect(await card.transmit(command)).toEqual(Uint8Array.of(...command, ...OK));
      }
      expect(first).toEqual(Uint8Array.of(...GET_DATA, ...OK));
    });

    test('tells its status', async () => {
      service.change([
        { name: 'Reader 0', state: 2 },
        { name: NAME, state: 0x34, atr: Uint8Array.of(0x3b, 0x00), protocol: 2 },
      ]);
      const card = await connect();
      const atr = Uint8Array.of(0x3b, 0x00);
      const status = { readerName: NAME, state: 0x34, powered: true, protocol: 'T=1', atr };
      expect(await card.status()).toEqual(status);
      expect(sent(COMMAND.status)?.length).toBe(2);
      service.change([{ name: NAME, state: 0x04, atr }]);
      expect(await card.status()).toMatchObject({ state: 0x04, powered: false, protocol: undefined });
      service.change([]);
      await expect(card.status()).rejects.toMatchObject({ scardCode: 0x80100017 });
    });

    test('can be connected to anew, told everything, and let go', async () => {
      const card = await connect();
      await card.begin();
      await card.end('reset');
      expect(sent(COMMAND.endTransaction)?.[1]).toBe(1);
      await card.reconnect('exclusive', 'unpower', 'T=0');
      expect(sent(COMMAND.reconnect)?.slice(1, 4)).toEqual([1, 1, 2]);
      expect(card.protocol).toBe('T=0');
      await card.transmit(GET_DATA);
      expect(sent(COMMAND.transmit)?.[1]).toBe(1);
      expect(await card.control(0x42000d48, GET_DATA)).toEqual(GET_DATA);
      expect(sent(COMMAND.control)?.[1]).toBe(0x42000d48);
      expect(await card.attribute(0x00090303)).toEqual(Uint8Array.from(numbers(0x00090303)));
      await card.disconnect('unpower');
      expect(sent(COMMAND.disconnect)?.[1]).toBe(2);
      await until(() => expect(service.received.at(-1)?.command).toBe(COMMAND.releaseContext));
      await until(() => expect(service.clients).toBe(0));
    });
  },
);

test('a card of 65,548 bytes to and fro is whole', async () => {
  await start({ answer: (command) => command });
  const card = await connect();
  const longest = Uint8Array.from({ length: 65_548 }, (_, index) => index % 251);
  expect(Buffer.compare(await card.transmit(longest), longest)).toBe(0);
  expect(Buffer.compare(await card.control(1, longest), longest)).toBe(0);
  const tooLong = new Uint8Array(65_549);
  await expect(card.transmit(tooLong)).rejects.toMatchObject({ scardCode: 0x80100008 });
  await expect(card.control(1, tooLong)).rejects.toMatchObject({ scardCode: 0x80100008 });
});

test('calls given at once are answered in order', async () => {
  await start();
  const card = await connect();
  const commands = [1, 2, 3, 4, 5].map((value) => new Uint8Array(value * 100).fill(value));
  const answers = await Promise.all(commands.map((command) => card.transmit(command)));
  expect(answers.map((answer) => [answer.length - 2, answer[0]])).toEqual(
    commands.map((command) => [command.length, command[0]]),
  );
});

describe('a reader', () => {
  test('that the service does not know, or whose name cannot be said, is unknown', async () => {
    await start();
    const binding = socketBinding({ path: service.path });
    for (const name of ['another', `${NAME}\0`, 'x'.repeat(128), 'カ'.repeat(43)]) {
      await expect(binding.connect(name, 'shared')).rejects.toMatchObject({ scardCode: 0x80100009 });
    }
    await until(() => expect(service.clients).toBe(0));
  });

  test('can be connected to without a card and its protocol', async () => {
    await start();
    cards.push(await socketBinding({ path: service.path }).connect(NAME, 'direct'));
    const body = service.received.findLast(({ command }) => command === COMMAND.connect)?.body;
    expect([body?.readUInt32LE(132), body?.readUInt32LE(136)]).toEqual([3, 0]);
  });
});

describe("another program's transaction", () => {
  test('is waited for by those who begin one, and by those who do not', async () => {
    await start();
    const [one, other] = [await connect(), await connect()];
    await one.begin();
    const order: string[] = [];
    const waiting = [
      other.begin().then(() => order.push('begun')),
      other.transmit(GET_DATA).then(() => order.push('sent')),
    ];
    await new Promise((resolve) => setTimeout(resolve, 100));
    order.push('ended');
    await one.end('leave');
    await Promise.all(waiting);
    expect(order[0]).toBe('ended');
    expect(order.length).toBe(3);
  });

  test('is waited for no longer than until the disconnection', async () => {
    await start();
    const [one, other] = [await connect(), await connect()];
    await one.begin();
    const waiting = expect(other.transmit(GET_DATA)).rejects.toMatchObject({ scardCode: 0x80100002 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await other.disconnect('leave');
    await waiting;
  });
});

describe('a service that breaks off or breaks its protocol', () => {
  const card = async (override: Override) => {
    await start();
    const connected = await connect();
    service.override = override;
    return connected;
  };
  const transmission =
    (answer: ReturnType<Override>): Override =>
    ({ command }) =>
      command === COMMAND.transmit ? answer : undefined;
  const violation = { code: 'ERR_PCSC_INTERNAL', message: expect.stringContaining('broke its protocol') };

  test('in the middle of an answer fails this call and every further one', async () => {
    const broken = await card(({ client }) => {
      client.end(numbers(1, 2, 3));
      return 'silence';
    });
    await expect(broken.transmit(GET_DATA)).rejects.toMatchObject({ scardCode: 0x80100013 });
    await expect(broken.attribute(1)).rejects.toMatchObject({ scardCode: 0x80100013 });
    await expect(broken.disconnect('leave')).rejects.toMatchObject({ scardCode: 0x80100013 });
  });

  test.each([
    ['a response beyond all limits', numbers(1, 2, 8, 4, 2, 8, 0xffffffff, 0)],
    ['a response of one byte too many', numbers(1, 2, 8, 4, 2, 8, 65_549, 0)],
    ['bytes that nobody asked for', Buffer.concat([numbers(1, 2, 8, 4, 2, 8, 2, 0), new Uint8Array(9)])],
  ])('with %s is not used further', async (_, answer) => {
    const broken = await card(transmission(answer));
    const first = broken.transmit(GET_DATA);
    if (answer.length === 32) await expect(first).rejects.toMatchObject(violation);
    await first.catch(() => undefined);
    await expect(broken.transmit(GET_DATA)).rejects.toMatchObject(violation);
  });

  test('with an attribute longer than its room is not used further', async () => {
    const broken = await card(({ body }) => Buffer.concat([body.subarray(0, 272), numbers(265, 0)]));
    await expect(broken.attribute(1)).rejects.toMatchObject(violation);
    await expect(broken.attribute(1)).rejects.toMatchObject(violation);
  });

  test('takes no data from an answer that is a failure', async () => {
    const broken = await card(transmission(numbers(1, 2, 8, 4, 2, 8, 500, 0x80100069)));
    await expect(broken.transmit(GET_DATA)).rejects.toMatchObject({ scardCode: 0x80100069 });
    service.override = undefined;
    expect(await broken.transmit(GET_DATA)).toEqual(Uint8Array.of(...GET_DATA, ...OK));
  });

  test('and never answers a disconnection is given up after three seconds', async () => {
    const frozen = await card(() => 'silence');
    const transmitted = frozen.transmit(GET_DATA).catch((error: unknown) => error);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const given = expect(frozen.disconnect('leave')).rejects.toMatchObject({ scardCode: 0x8010000a });
    await vi.advanceTimersByTimeAsync(3_000);
    await given;
    vi.useRealTimers();
    service.hangUp();
    expect(await transmitted).toMatchObject({ scardCode: 0x80100013 });
  });
});

test('a connection that is called off leaves nothing behind', async () => {
  await start();
  const binding = socketBinding({ path: service.path });
  for (const command of [COMMAND.version, COMMAND.connect]) {
    const before = service.received.length;
    service.override = (received) => (received.command === command ? 'silence' : undefined);
    const abort = new AbortController();
    const connecting = binding.connect(NAME, 'shared', 'any', abort.signal);
    await until(() => expect(service.received.slice(before).at(-1)?.command).toBe(command));
    abort.abort();
    await expect(connecting).rejects.toMatchObject({ scardCode: 0x80100002 });
    await until(() => expect(service.clients).toBe(0));
  }
});
