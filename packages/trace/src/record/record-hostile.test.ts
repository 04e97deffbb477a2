import { JpkiApplication } from '@jpki/applets';
import { Card, type CardChannel, CardRemovedError, fromHex, toHex } from '@jpki/iso7816';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { recordedCards } from '../../test/recorded-card.ts';
import type { TraceEntry } from '../model.ts';
import { replay } from '../replay/replay.ts';
import { formatEntry } from '../text/format.ts';
import { TraceLimit } from '../text/grammar.ts';
import { equivalentOf } from './card-equivalent.ts';
import type { Equivalent } from './equivalent.ts';
import { type RecordOptions, recorder } from './record.ts';

const JPKI = fromHex('00A4040C0AD392F000260100000001');
const SELECT_CA = fromHex('00A4020C020002');
const READ = fromHex('00B0000000');
const READ_OWN = fromHex('00B0810000');
const DIGEST_INFO = fromHex(`3031300D060960864801650304020105000420${'11'.repeat(32)}`);

type Answer = (command: Uint8Array) => Promise<Uint8Array>;

/** A recording of a person's card that answers like this. */
function record(transmit: Answer, options: Partial<RecordOptions> = {}) {
  const entries: TraceEntry[] = [];
  const recording = recorder((entry) => entries.push(entry), {
    holder: 'person',
    clock: () => 0,
    ...options,
  });
  const layer = recording.layer({
    atr: fromHex('3B00'),
    transmit,
    transaction: (work) => work(),
    [Symbol.asyncDispose]: async () => {},
  });
  return { recording, layer, lines: () => entries.map(formatEntry) };
}

const ok: Answer = async () => fromHex('9000');

describe('a recording that cannot tell what is whose', () => {
  test('ends where a command is sent before the answer to the last one', async () => {
    const answers: ((bytes: Uint8Array) => void)[] = [];
    const { recording, layer, lines } = record((command) =>
      command[1] === 0xb0 ? new Promise((resolve) => answers.push(resolve)) : ok(command),
    );
    await layer.transmit(JPKI);
    const [own, ca] = [layer.transmit(READ_OWN), layer.transmit(fromHex('00B0820000'))];
    answers[1]?.(fromHex('5A5A5A9000'));
    answers[0]?.(fromHex('5A5A5A9000'));
    expect([await own, await ca].map(toHex)).toEqual(['5A5A5A9000', '5A5A5A9000']);
    expect(recording.failure?.error).toBeInstanceOf(TypeError);
    expect(lines().join('')).not.toContain('5A');
  });

  test('does not believe at the beginning of a transaction that the file of the last one is selected', async () => {
    const { layer, lines } = record(async ({ 1: ins }) => fromHex(ins === 0xb0 ? '5A5A5A9000' : '9000'));
    await layer.transmit(JPKI);
    await layer.transmit(SELECT_CA);
    await layer.transaction?.(() => layer.transmit(READ));
    expect(lines().at(-1)).toBe('< {data:3}9000 @0.0ms\n');
    await layer.transaction?.(async () => {
      await layer.transmit(JPKI);
      await layer.transmit(SELECT_CA);
      await layer.transmit(READ);
    });
    expect(lines().at(-1)).toBe('< 5A5A5A9000 @0.0ms\n');
  });
});

describe('a recording that fails never costs an answer', () => {
  test('when there are more entries than a trace can be read with', async () => {
    let written = 0;
    const recording = recorder(() => written++, { holder: 'person' });
    for (let count = 0; count <= TraceLimit.ENTRIES; count++) recording.note('again');
    expect(written).toBe(TraceLimit.ENTRIES);
    expect(recording.failure?.error).toBeInstanceOf(RangeError);
    const layer = recording.layer({ atr: JPKI, transmit: ok, [Symbol.asyncDispose]: async () => {} });
    expect(toHex(await layer.transmit(JPKI))).toBe('9000');
  });

  test('when the clock does', async () => {
    let asked = 0;
    const clock = () => {
      if (asked++ > 0) throw new Error('no time');
      return 0;
    };
    const { recording, layer } = record(ok, { clock });
    expect(toHex(await layer.transmit(fromHex('0020009B06313233343536')))).toBe('9000');
    expect(recording.failure?.error).toMatchObject({ message: 'no time' });
  });

  test('when an asynchronous sink does, and the process goes on', async () => {
    const recording = recorder(async () => Promise.reject(new Error('disk full')), { holder: 'person' });
    const layer = recording.layer({ atr: JPKI, transmit: ok, [Symbol.asyncDispose]: async () => {} });
    expect(toHex(await layer.transmit(JPKI))).toBe('9000');
    await vi.waitFor(() => expect(recording.failure?.error).toMatchObject({ message: 'disk full' }), {
      timeout: 10_000,
    });
  });

  test('nor an error of the link', async () => {
    const { layer } = record(() => Promise.reject(new CardRemovedError()), { clock: () => Number.NaN });
    await expect(layer.transmit(JPKI)).rejects.toBeInstanceOf(CardRemovedError);
  });
});

describe('what is signed, synthesized', () => {
  const signature = vi.fn(() => fromHex('AA'));
  const equivalent: Equivalent = { file: () => undefined, signature };
  afterEach(() => signature.mockClear());

  const signing = async (command: string): Promise<string[]> => {
    const answer: Answer = async ({ 1: ins }) => fromHex(ins === 0x2a ? 'BBBB9000' : '9000');
    const { layer, lines } = record(answer, { synthesize: { equivalent } });
    await layer.transmit(JPKI);
    await layer.transmit(fromHex(command));
    return lines().slice(2);
  };

  test('is a digest, in the clear, for the signature tells it anyway', async () => {
    const command = `802A009A33${toHex(DIGEST_INFO)}00`;
    expect((await signing(command)).join('').replaceAll(/\s+/g, '')).toBe(`>${command}<AA9000@0.0ms`);
    expect(signature).toHaveBeenCalledOnce();
  });

  test.each([
    ['a document', '802A009A0401020304 00'],
    ['a message', '802A039A0401020304 00'],
  ])('is not %s: who has the key can read it out of the signature', async (_, command) => {
    expect((await signing(command)).join('')).toMatch(/\{data:4\}00\n< \{signature:2\}9000/);
    expect(signature).not.toHaveBeenCalled();
  });
});

describe('an equivalent', () => {
  const { insert, openPlain } = recordedCards();

  test('stands in for a card that is held in transactions, too', async () => {
    const link = (channel: CardChannel): CardChannel => ({
      atr: channel.atr,
      transmit: (command) => channel.transmit(command),
      transaction: (work) => work(),
      [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
    });
    const other = await openPlain({ persona: 'foreign-resident' });
    const { pins } = other.persona;
    const synthesize = { equivalent: await equivalentOf(other, pins) };
    const recorded = await insert({ record: { holder: 'person', synthesize }, link });
    const read = async (card: Card) => {
      const jpki = new JpkiApplication(card);
      return [await jpki.auth.certificate(), await jpki.sign.certificate({ pin: recorded.secrets.sign() })];
    };
    const own = await read(recorded.card);
    const channel = replay(recorded.trace(), { mode: 'strict' });
    const replayed = await read(new Card(channel));
    channel.assertFinished();
    expect(replayed).not.toEqual(own);
  });

  test('sends no second secret once one was refused: it may be a card of a person after all', async () => {
    const card = await openPlain();
    let sent = 0;
    const channel = {
      atr: card.atr,
      transmit: (command: Uint8Array) => {
        if (command[1] === 0x20 && command.length > 5) sent++;
        return card.transmit(command);
      },
      [Symbol.asyncDispose]: async () => {},
    };
    const wrong = { auth: '0000', sign: 'WRONG1', text: '0000', resident: '0000' };
    await expect(equivalentOf(channel, wrong)).rejects.toMatchObject({ code: 'ERR_CARD_STATUS_WORD' });
    expect(sent).toBe(1);
  });
});
