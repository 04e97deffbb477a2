import { readdir, readFile } from 'node:fs/promises';
import { CardRemovedError, encodeTlv, fromHex, toHex } from '@jpki/iso7816';
import { openPcsc, PcscError, readerAttributes } from '@jpki/pcsc';
import { expect, test } from 'vitest';
import { healthCardNumber } from '../health-card.ts';
import { aboutReader, advice, inOneHold, onAllCards, tellEvents } from '../pcsc-calls.ts';
import { pivGuid } from '../piv-key.ts';
import { nextCardNumber } from '../transit-card.ts';
import { scriptedReaders } from './scripted-reader.ts';

const NUMBER = '0101010101010101';
const GET_NUMBER = 'FFCA000000';

test('the transit card tells its number; where it has none, the error says so', async () => {
  const binding = scriptedReaders(['Gate'], { answers: { [GET_NUMBER]: `${NUMBER}9000` } });
  expect(await nextCardNumber({ binding })).toBe(NUMBER);
  expect(binding.calls).toEqual(['exclusive Gate', GET_NUMBER, 'unpower']);
  const silent = scriptedReaders(['Gate'], { answers: {} });
  await expect(nextCardNumber({ binding: silent })).rejects.toThrow('6D00');
});

test('the PIV key tells its GUID, in two pieces where the card wants that', async () => {
  const guid = fromHex('00112233445566778899AABBCCDDEEFF');
  const fascN = encodeTlv(0x30, new Uint8Array(25));
  const chuid = toHex(encodeTlv(0x53, fascN, encodeTlv(0x34, guid), encodeTlv(0x3e), encodeTlv(0xfe)));
  const SELECT = '00A404000BA00000030800001000010000';
  const GET_CHUID = '00CB3FFF055C035FC10200';
  const answers = {
    [SELECT]: '9000',
    [GET_CHUID]: `${chuid.slice(0, 40)}6100`,
    '00C0000000': `${chuid.slice(40)}9000`,
  };
  const binding = scriptedReaders(['Desk'], { answers });
  expect(await pivGuid('Desk', { binding })).toBe(toHex(guid));
});

test('the health card tells its number', async () => {
  const number = '80276000000000000001';
  const answers = {
    '00A4040C07D2760001448000': '9000',
    '00A4020C022F02': '9000',
    '00B0000000': `5A0A${number}9000`,
  };
  const binding = scriptedReaders(['Surgery'], { answers });
  expect(await healthCardNumber('Surgery', { binding })).toBe(number);
});

test('events are told until the signal', async () => {
  const controller = new AbortController();
  const said: string[] = [];
  await using pcsc = await openPcsc({ binding: scriptedReaders(['A'], { answers: {} }) });
  const telling = tellEvents(pcsc, controller.signal, (line) => {
    said.push(line);
    if (said.length === 2) controller.abort(new Error('enough'));
  });
  await expect(telling).rejects.toThrow('enough');
  expect(said).toEqual(['A is there', 'a card is in A']);
});

test('two commands of a shared card are held together', async () => {
  const [select, read] = ['00A4020C022F02', '00B0000000'];
  const binding = scriptedReaders(['A'], { answers: { [select]: '9000', [read]: 'AB9000' } });
  await using pcsc = await openPcsc({ binding });
  const channel = await pcsc.connect('A', { share: 'shared', disposition: 'leave' });
  expect(toHex(await inOneHold(channel, fromHex(select), fromHex(read)))).toBe('AB9000');
  expect(binding.calls).toEqual(['shared A', 'begin', select, read, 'end']);
});

test('a reader tells its vendor, and its properties where it has them', async () => {
  const attributes = new Map([[readerAttributes.vendorName, '41434D45']]);
  const rich = { answers: {}, attributes, features: '120442000001', controls: new Map([[0x42000001, '0A']]) };
  const about = async (script: typeof rich | { answers: object; attributes: typeof attributes }) => {
    await using pcsc = await openPcsc({ binding: scriptedReaders(['A'], { ...script, answers: {} }) });
    const { vendor, properties } = await aboutReader(pcsc, 'A');
    return [Buffer.from(vendor).toString(), properties && toHex(properties)];
  };
  expect(await about(rich)).toEqual(['ACME', '0A']);
  expect(await about({ answers: {}, attributes })).toEqual(['ACME', undefined]);
});

test('an error becomes advice; what is no error of PC/SC goes on', () => {
  const options = { code: 'ERR_PCSC_SHARING_VIOLATION', safeToRetry: true, scardCode: 0x8010000b } as const;
  expect(advice(new PcscError('kept', options))).toMatch(/ \(ERR_PCSC_SHARING_VIOLATION, safe to retry\)$/);
  expect(advice(new PcscError('closed', { code: 'ERR_PCSC_CLOSED' }))).toBe(
    'closed (ERR_PCSC_CLOSED, look first)',
  );
  expect(() => advice(new CardRemovedError())).toThrow(CardRemovedError);
});

test('one failing card does not stop the others', async () => {
  const binding = scriptedReaders(['A', 'B'], { answers: { [GET_NUMBER]: `${NUMBER}9000` } });
  await using pcsc = await openPcsc({ binding });
  let count = 0;
  const results = await onAllCards(pcsc, async () => {
    count += 1;
    if (count === 1) throw new CardRemovedError();
    return count;
  });
  expect(results).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 2 }]);
});

/** Lines without their indentation, which differs between a function and its quotation. */
const lines = (text: string) => text.split('\n').map((line) => line.trim());

test('every program in the README of @jpki/pcsc is a piece of an example', async () => {
  const folder = new URL('../', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const examples = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
  const all = examples.map((text) => lines(text).join('\n'));
  const readme = await readFile(new URL('../../packages/pcsc/README.md', folder), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => lines(code).join('\n'));
  expect(blocks.length).toBe(8);
  for (const block of blocks)
    expect(
      all.filter((text) => text.includes(block)),
      block,
    ).toHaveLength(1);
  for (const name of ['transit-card.ts', 'piv-key.ts', 'health-card.ts']) {
    const example = examples[names.indexOf(name)] ?? expect.fail(name);
    expect(readme).toContain(example);
    expect(example.trimEnd().split('\n').length, name).toBeLessThanOrEqual(18);
  }
});
