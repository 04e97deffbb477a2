import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CardManager, CommonApplication, JpkiApplication, TextApplication } from '@jpki/applets';
import { Card, fromHex } from '@jpki/iso7816';
import {
  decodeTrace,
  formatDecoded,
  formatTrace,
  openAtr,
  parseTrace,
  plainBytes,
  replay,
} from '@jpki/trace';
import { describe, expect, test } from 'vitest';
import { repositoryFolder } from '../src/shared-folder.ts';
import { checkDigit } from '../src/trace-guard/my-numbers.ts';
import { pinOf } from '../src/traces/scenario.ts';

const folder = join(repositoryFolder, 'apdu-traces', 'sources');
const text = (file: string) => readFileSync(join(folder, file), 'utf8');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.apdu'),
);
const atrs = files.filter((name) => name.startsWith('atrs'));

test.each(files)('%s says where it is from, is written as traces are, and is told in words', (file) => {
  const trace = parseTrace(text(file));
  expect(formatTrace(trace)).toBe(text(file));
  expect(trace.header).toMatchObject({
    source: expect.stringMatching(/\w/),
    obtained: expect.stringMatching(/by hand/),
    holder: 'invented',
  });
  const steps = decodeTrace(trace).lines.flatMap((line) => (line.type === 'step' ? [line] : []));
  const commands = trace.entries.filter(({ type }) => type === 'command');
  expect(steps.flatMap(({ exchanges }) => exchanges)).toHaveLength(commands.length);
  expect(formatDecoded(decodeTrace(trace)).join('\n')).toContain(trace.header.title);
});

test('the answers to reset are ten', () => {
  expect(atrs).toHaveLength(10);
});

test.each(atrs)('%s opens to its last byte', (file) => {
  const { atr } = parseTrace(text(file)).header;
  if (atr === undefined) throw new Error(`${file} has no ATR`);
  const { children = [] } = openAtr(atr);
  expect(children.length).toBeGreaterThan(1);
  expect(JSON.stringify(children)).not.toMatch(/malformed|壊れ/);
});

/** The data of an answer, by the number of its command from 0; without the status word. */
function answer(file: string, index: number): Uint8Array {
  const responses = parseTrace(text(file)).entries.flatMap((entry) =>
    entry.type === 'response' ? [plainBytes(entry.bytes)] : [],
  );
  return responses[index]?.subarray(0, -2) ?? new Uint8Array();
}

/** A card that answers like the applets want it, with what a source published. */
function cardOf(answers: Readonly<Record<string, Uint8Array | string>>): Card {
  return new Card({
    atr: new Uint8Array(),
    transmit: async (command) => {
      const hex = Buffer.from(command).toString('hex').toUpperCase();
      const [, data = ''] = Object.entries(answers).find(([start]) => hex.startsWith(start)) ?? [];
      const bytes = typeof data === 'string' ? fromHex(data) : data;
      return Buffer.concat([bytes, fromHex('9000')]);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** What the applet reads out of the object, on a card that takes any PIN. */
async function readsAttributes(object: Uint8Array): Promise<unknown> {
  const card = new Card({
    atr: new Uint8Array(),
    transmit: async (command) => {
      if (command[1] === 0x20 && command.length === 4) return fromHex('63C3');
      return Buffer.concat([command[1] === 0xb0 ? object : new Uint8Array(), fromHex('9000')]);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const secret = { pin: pinOf('2345') };
  return (await new TextApplication(card).attributes({ secret, trust: 'unproven' })).attributes;
}

describe('the applets read what was published', () => {
  test('the card number, straight from the trace', async () => {
    const channel = replay(parseTrace(text('common-card-record.apdu')), { mode: 'strict' });
    expect(await new CommonApplication(new Card(channel)).cardRecord()).toEqual({
      serial: '400000012719843',
      municipality: '13221',
      expiry: '2035-02-17',
    });
    channel.assertFinished();
  });

  test('which certificates there are, and the token label', async () => {
    const availability = cardOf({ '00B0': answer('availability.apdu', 2) });
    expect(await new JpkiApplication(availability).availability()).toEqual({ sign: true, auth: true });
    // 20 bytes were published of a label of 32, padded with blanks.
    const label = Buffer.concat([answer('token.apdu', 2), Buffer.from(' '.repeat(12))]);
    const token = cardOf({ '00B0': label });
    expect(await new JpkiApplication(token).token()).toEqual({
      label: 'JPKIAPICCTOKEN2',
      kind: 'individual-number-card',
    });
  });

  test('the municipality of the card manager', async () => {
    const card = cardOf({ '00CA00F0': answer('card-manager.apdu', 2) });
    expect(await new CardManager(card).municipality()).toBe('13221');
  });

  test('the four attributes, and a number that nobody can have', async () => {
    const file = 'text-of-the-card-face.apdu';
    const attributes = answer(file, 6);
    const number = Buffer.from(answer(file, 4)).toString('latin1').slice(3, 15);
    expect(Number(number.at(-1))).not.toBe(checkDigit(number.slice(0, 11)));
    const read = readsAttributes(attributes);
    expect(await read).toMatchObject({ birthDate: '1980-02-17', sex: 'male' });
  });
});
