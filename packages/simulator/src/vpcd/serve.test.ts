import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeReader } from '../../test/fake-reader.ts';
import { type ServedCard, type ServeOptions, serveVpcd } from './serve.ts';

/** A card that notes what happens to it and answers every command with that command and 9000. */
class NotingCard implements ServedCard {
  readonly atr: Uint8Array = Uint8Array.of(0x3b, 0x00);
  readonly notes: string[] = [];
  failure: Error | undefined;

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    if (this.failure) throw this.failure;
    this.notes.push(`${command.length} bytes`);
    return Uint8Array.of(...command, 0x90, 0x00);
  }
  powerOn(): void {
    this.notes.push('on');
  }
  powerOff(): void {
    this.notes.push('off');
  }
  reset(): void {
    this.notes.push('reset');
  }
}

describe('serveVpcd', () => {
  let reader: FakeReader;
  let card: NotingCard;
  let stop: AbortController;
  let events: string[];
  let serving: Promise<void> | undefined;

  const serve = (options: Partial<ServeOptions> = {}): Promise<void> => {
    serving = serveVpcd(card, {
      port: reader.port,
      signal: stop.signal,
      onConnected: () => events.push('connected'),
      onDisconnected: () => events.push('disconnected'),
      onWaiting: () => events.push('waiting'),
      ...options,
    });
    return serving;
  };

  beforeEach(async () => {
    reader = new FakeReader();
    card = new NotingCard();
    stop = new AbortController();
    events = [];
    await reader.start();
  });

  afterEach(async () => {
    stop.abort();
    await serving?.catch(() => undefined);
    await reader.stop();
  });

  test('answers the answer to reset and commands, and hears of power and reset', async () => {
    serve();
    const inserted = await reader.card();
    inserted.write(0, 1, 4);
    expect(await inserted.answer()).toBe('3B00');
    inserted.write(0, 1, 1);
    inserted.write(0, 5, 0x00, 0xb0, 0x00, 0x00, 0x01);
    expect(await inserted.answer()).toBe('00B00000019000');
    inserted.write(0, 1, 2, 0, 1, 0, 0, 1, 4);
    expect(await inserted.answer()).toBe('3B00');
    expect(card.notes).toEqual(['on', '5 bytes', 'reset', 'off']);
    expect(events).toEqual(['connected']);
  });

  test('takes frames that arrive in pieces, and ignores empty and unknown ones', async () => {
    serve();
    const inserted = await reader.card();
    inserted.write(0);
    inserted.write(4, 0x00, 0x84);
    inserted.write(0x00, 0x00, 0, 0, 0, 1, 9, 0, 1, 4);
    expect(await inserted.answer()).toBe('008400009000');
    expect(await inserted.answer()).toBe('3B00');
  });

  test('says once that the reader has taken the card, when it asks for the answer to reset', async () => {
    serve();
    const inserted = await reader.card();
    inserted.write(0, 1, 1);
    inserted.write(0, 4, 0x00, 0x84, 0x00, 0x00);
    await inserted.answer();
    expect(events).toEqual([]);
    inserted.write(0, 1, 4, 0, 1, 4);
    await inserted.answer();
    await inserted.answer();
    expect(events).toEqual(['connected']);
  });

  test('comes back when the service was restarted, and takes the power in between', async () => {
    serve();
    const first = await reader.card();
    first.write(0, 1, 4);
    await first.answer();
    first.eject();
    await reader.stop();
    await reader.start();
    const second = await reader.card();
    second.write(0, 1, 4);
    expect(await second.answer()).toBe('3B00');
    expect(card.notes).toEqual(['off']);
    expect(events.filter((event) => event !== 'waiting')).toEqual(['connected', 'disconnected', 'connected']);
  });

  test('waits for a reader that is not there yet, and says so once', async () => {
    await reader.stop();
    await new Promise<void>((resolve) => {
      serve({
        onWaiting: () => {
          events.push('waiting');
          resolve();
        },
      });
    });
    await reader.start();
    const inserted = await reader.card();
    inserted.write(0, 1, 4);
    await inserted.answer();
    expect(events).toEqual(['waiting', 'connected']);
  });

  test('ends with the signal: the card leaves the reader and loses its power', async () => {
    const done = serve();
    const inserted = await reader.card();
    inserted.write(0, 1, 4);
    await inserted.answer();
    stop.abort();
    await done;
    await inserted.gone();
    expect(card.notes).toEqual(['off']);
    expect(events).toEqual(['connected', 'disconnected']);
  });

  test('ends at once when the signal was aborted before', async () => {
    stop.abort();
    await serve();
    expect(events).toEqual([]);
  });

  test('rejects with what the card throws, and takes it out of the reader', async () => {
    const done = serve();
    const inserted = await reader.card();
    card.failure = new Error('removed');
    inserted.write(0, 4, 0x00, 0x84, 0x00, 0x00);
    await expect(done).rejects.toBe(card.failure);
    await inserted.gone();
  });
});
