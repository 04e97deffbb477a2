import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cardMaker, SELECT_JPKI, VERIFY_AUTH } from '../../test/card-at-hand.ts';
import { otherProcess } from '../../test/other-process.ts';
import { scratchFolder } from '../../test/scratch-folder.ts';

const makeCard = await cardMaker();
const folder = await scratchFolder();

const WRONG_AUTH = '00200098 04 30303030';
const QUERY_AUTH = '00200098';

describe('a state file', () => {
  test('keeps the counters between cards, for its owner alone', async () => {
    const stateFile = join(folder, 'kept.json');
    const first = await makeCard({ stateFile });
    await first.words(SELECT_JPKI, WRONG_AUTH);
    expect(JSON.parse(await readFile(stateFile, 'utf8'))).toEqual({
      format: 'jpki-simulated-card-2',
      persona: 'adult',
      pins: expect.objectContaining({
        'jpki/001B': { pin: 'ABC123', triesLeft: 5 },
        'jpki/0018': { pin: '1234', triesLeft: 2 },
        'text/0011': { pin: '2345', triesLeft: 3 },
        // Codes move with the dates on the card: only their counters are kept.
        'text/0014': { triesLeft: 10 },
        'text/0015': { triesLeft: 10 },
      }),
    });
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
    const second = await makeCard({ stateFile });
    expect(await second.words(SELECT_JPKI, QUERY_AUTH, VERIFY_AUTH)).toEqual(['9000', '63C2', '9000']);
    expect(await first.words(QUERY_AUTH)).toEqual(['63C3']);
  });

  test('keeps a changed PIN', async () => {
    const stateFile = join(folder, 'changed.json');
    const first = await makeCard({ stateFile });
    await first.words(SELECT_JPKI, VERIFY_AUTH, '00240198 04 39393939');
    const second = await makeCard({ stateFile });
    expect(await second.words(SELECT_JPKI, VERIFY_AUTH, '00200098 04 39393939')).toEqual([
      '9000',
      '63C2',
      '9000',
    ]);
  });

  test('loses no try to two processes that spend them at the same time', async () => {
    const stateFile = join(folder, 'shared.json');
    await makeCard({ stateFile });
    const pkiFolder = join(folder, 'pki');
    const others = await Promise.all([
      otherProcess('spendTries', pkiFolder, stateFile, '2'),
      otherProcess('spendTries', pkiFolder, stateFile, '2'),
    ]);
    for (const other of others) other.go();
    const lines = await Promise.all(others.map((other) => other.line()));
    const answers = lines.flatMap((line) => JSON.parse(line) as string[]);
    expect(answers.sort()).toEqual(['63c1', '63c2', '63c3', '63c4']);
  });

  test.each([
    ['no JSON', '{"format'],
    ['empty', ''],
    ['something else', '{"name":"x"}'],
    ['of another persona', '{"format":"jpki-simulated-card-2","persona":"blocked","pins":{}}'],
    ['without its PINs', '{"format":"jpki-simulated-card-2","persona":"adult","pins":{}}'],
    ['of an older program', '{"format":"jpki-simulated-card-1","persona":"adult","pins":{}}'],
  ])('that is %s is refused and left as it is', async (name, text) => {
    const stateFile = join(folder, `${name}.json`);
    await writeFile(stateFile, text);
    await expect(makeCard({ stateFile })).rejects.toMatchObject({ code: 'ERR_SIM_STATE_FILE' });
    expect(await readFile(stateFile, 'utf8')).toBe(text);
  });

  test.each([
    ['a counter above its maximum', { 'jpki/001B': { pin: 'ABC123', triesLeft: 6 } }],
    ['a counter below zero', { 'text/0014': { triesLeft: -1 } }],
    ['a PIN of other characters', { 'text/0011': { pin: 'abc', triesLeft: 3 } }],
  ])('with %s is refused', async (name, wrong) => {
    const stateFile = join(folder, `${name}.json`);
    await makeCard({ stateFile });
    const state = JSON.parse(await readFile(stateFile, 'utf8')) as { pins: object };
    await writeFile(stateFile, JSON.stringify({ ...state, pins: { ...state.pins, ...wrong } }));
    await expect(makeCard({ stateFile })).rejects.toMatchObject({ code: 'ERR_SIM_STATE_FILE' });
  });

  test('that cannot be written is found out when the card is opened', async () => {
    const stateFile = join(folder, 'kept.json', 'below-a-file.json');
    await expect(makeCard({ stateFile })).rejects.toMatchObject({ code: 'ERR_SIM_STATE_FILE' });
  });
});
