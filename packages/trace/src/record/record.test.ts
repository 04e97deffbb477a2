import { type CardChannel, CardResetError, fromHex, LinkError, PinPadError } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import type { TraceEntry } from '../model.ts';
import { formatEntry } from '../text/format.ts';
import { type RecordOptions, recorder } from './record.ts';

/** A channel that answers with what it is told: a response in hex, or an error. */
function scripted(...answers: readonly (string | Error)[]): CardChannel & { sent: number } {
  const channel = {
    atr: fromHex('3B00'),
    sent: 0,
    transmit: async (): Promise<Uint8Array> => {
      const answer = answers[channel.sent++] ?? '9000';
      if (answer instanceof Error) throw answer;
      return fromHex(answer);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return channel;
}

function record(channel: CardChannel, options: Partial<RecordOptions> = {}) {
  const entries: TraceEntry[] = [];
  const recording = recorder((entry) => entries.push(entry), {
    holder: 'invented',
    clock: () => 0,
    ...options,
  });
  return { recording, layer: recording.layer(channel), text: () => entries.map(formatEntry).join('') };
}

const SELECT = fromHex('00A40000');

describe('a recorder', () => {
  test('writes headings, notes, time, nonces and the end', async () => {
    const circumstances = { now: () => new Date(0), nonce: (length: number) => new Uint8Array(length) };
    const { recording, layer, text } = record({ ...scripted(), circumstances });
    recording.heading('select\nthe application');
    recording.note('  ');
    await layer.transmit(SELECT);
    layer.circumstances?.now();
    layer.circumstances?.nonce(2);
    await layer[Symbol.asyncDispose]();
    expect(text()).toBe(
      [
        '== select?the application',
        '> 00A40000',
        '< 9000 @0.0ms',
        '* now 1970-01-01T00:00:00.000Z',
        '* nonce 0000',
        '! closed\n',
      ].join('\n'),
    );
  });

  test('brings a clock and random numbers to a channel that has none', () => {
    const { layer, text } = record(scripted());
    expect(layer.circumstances?.nonce(16)).toHaveLength(16);
    expect(text()).toMatch(/^\* nonce [0-9A-F]{32}\n$/);
  });

  test('tells every failure of the link by its code, and passes it on', async () => {
    const failure = new LinkError('reader /dev/secret', { code: 'ERR_PCSC_TIMEOUT' });
    const { layer, text } = record(scripted(new CardResetError(), failure, new Error('what'), '9000'));
    await expect(layer.transmit(SELECT)).rejects.toBeInstanceOf(CardResetError);
    await expect(layer.transmit(SELECT)).rejects.toBe(failure);
    await expect(layer.transmit(SELECT)).rejects.toThrow('what');
    expect(text()).toBe('> 00A40000\n! reset\n> 00A40000\n! failed ERR_PCSC_TIMEOUT\n> 00A40000\n! failed\n');
  });

  test('keeps what the channel can do, and no more', () => {
    const { layer } = record(scripted());
    expect(layer.transaction).toBeUndefined();
    expect(layer.recover).toBeUndefined();
  });

  test('tells a recovery, and a transaction that could not begin', async () => {
    let isReset = true;
    const { layer, text } = record({
      ...scripted(),
      transaction: async (work) => {
        if (isReset) throw new CardResetError();
        return work();
      },
      recover: async () => {
        isReset = false;
      },
    });
    await expect(layer.transaction?.(async () => 1)).rejects.toBeInstanceOf(CardResetError);
    await layer.recover?.();
    expect(await layer.transaction?.(async () => 1)).toBe(1);
    await expect(layer.transaction?.(() => Promise.reject(new TypeError('mine')))).rejects.toThrow('mine');
    expect(text()).toBe('! reset\n! connected\n');
  });

  test('goes on with the same trace when the card is connected again', async () => {
    const { recording, layer, text } = record(scripted());
    await layer.transmit(SELECT);
    await recording.layer(scripted()).transmit(SELECT);
    expect(text()).toBe('> 00A40000\n< 9000 @0.0ms\n! connected\n> 00A40000\n< 9000 @0.0ms\n');
  });

  test('has what a keypad sent, with a placeholder for a PIN that nobody here knows', async () => {
    const { recording, text } = record(scripted());
    const format = { minLength: 4, maxLength: 4, characters: 'digits' } as const;
    const answers = [() => fromHex('63C2'), () => Promise.reject(new PinPadError('timeout', 'nobody typed'))];
    const pad = recording.pinPad({ enter: async () => answers.shift()?.() ?? fromHex('9000') });
    const request = { header: fromHex('00200098'), format };
    expect(await pad.enter(request)).toEqual(fromHex('63C2'));
    await expect(pad.enter(request)).rejects.toMatchObject({ reason: 'timeout' });
    expect(text().replaceAll(/^#.*\n/gm, '')).toBe(
      '> 0020009804{pin:4}\n< 63C2 @0.0ms\n> 0020009804{pin:4}\n! failed ERR_PIN_PAD_TIMEOUT\n',
    );
  });

  test('lets the exchange go on when the sink fails, ends there, and says so', async () => {
    const entries: TraceEntry[] = [];
    const recording = recorder(
      (entry) => {
        if (entries.length === 2) throw new Error('disk full');
        entries.push(entry);
      },
      { holder: 'invented', clock: () => 0 },
    );
    const channel = scripted();
    const layer = recording.layer(channel);
    await layer.transmit(SELECT);
    expect(recording.failure).toBeUndefined();
    await layer.transmit(SELECT);
    await layer.transmit(SELECT);
    expect(channel.sent).toBe(3);
    expect(entries).toHaveLength(2);
    expect(recording.failure).toMatchObject({ error: { message: 'disk full' } });
  });

  test('has a command in the trace although its answer never came', async () => {
    const { layer, text } = record({ ...scripted(), transmit: () => new Promise(() => {}) });
    void layer.transmit(SELECT);
    expect(text()).toBe('> 00A40000\n');
  });
});
