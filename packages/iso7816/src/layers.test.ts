import { describe, expect, test } from 'vitest';
import { answering, FakeChannel } from '../test/fake-channel.ts';
import { layered } from './channel.ts';
import { CardLimitError, CardRemovedError, MalformedResponseError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';
import { getResponse, tolerateFirstFailure } from './layers.ts';

const READ = '00B0000000';
const dd = (length: number) => 'DD'.repeat(length);

async function through(channel: FakeChannel, command: string): Promise<string> {
  return toHex(await layered(channel, getResponse()).transmit(fromHex(command)));
}

describe('61xx', () => {
  test('is answered with GET RESPONSE until the card has given everything', async () => {
    const channel = answering('AA6110', 'BBCC6102', 'DD9000');
    expect(await through(channel, READ)).toBe('AABBCCDD9000');
    expect(channel.sent).toEqual([READ, '00C0000010', '00C0000002']);
  });

  test('6100 asks for 256 bytes', async () => {
    const channel = answering('6100', `${dd(256)}9000`);
    expect(await through(channel, READ)).toBe(`${dd(256)}9000`);
    expect(channel.sent[1]).toBe('00C0000000');
  });

  test('GET RESPONSE goes to the logical channel of the command, without its proprietary class', async () => {
    const channel = answering('6101', 'AA9000', '6101', 'AA9000');
    await through(channel, '02B0000000');
    await through(channel, '802A008000');
    expect([channel.sent[1], channel.sent[3]]).toEqual(['02C0000001', '00C0000001']);
  });

  test('a status word that ends the rounds is handed on with what came before', async () => {
    expect(await through(answering('AA6102', 'BB6F00'), READ)).toBe('AABB6F00');
  });

  test('an answer without 61xx passes unchanged', async () => {
    const channel = answering('AABB9000');
    expect(await through(channel, READ)).toBe('AABB9000');
    expect(channel.sent).toEqual([READ]);
  });

  test('a card that announces more for ever is stopped after 300 rounds', async () => {
    for (const answer of ['6110', 'AA6110']) {
      const channel = new FakeChannel(() => answer);
      await expect(through(channel, READ)).rejects.toThrow(CardLimitError);
      expect(channel.sent.length).toBe(301);
    }
  });

  test('300 rounds that come to an end are taken', async () => {
    const channel = new FakeChannel((_, index) => (index < 300 ? 'AA6101' : 'AA9000'));
    expect(await through(channel, READ)).toBe(`${'AA'.repeat(301)}9000`);
  });

  test('65,536 bytes are collected, one more is not', async () => {
    const rounds = (last: string) => new FakeChannel((_, i) => (i < 256 ? `${i ? dd(256) : ''}6100` : last));
    expect(await through(rounds(`${dd(256)}9000`), READ)).toBe(`${dd(65_536)}9000`);
    await expect(through(rounds(`${dd(257)}9000`), READ)).rejects.toThrow(CardLimitError);
    for (const script of [
      ['6100', `${dd(65_536)}6100`, 'AA9000'],
      ['AA6100', `${dd(65_536)}9000`],
    ])
      await expect(through(answering(...script), READ)).rejects.toThrow(CardLimitError);
  });

  test('a link that fails between two rounds fails the command', async () => {
    await expect(through(answering('6101', new CardRemovedError()), READ)).rejects.toThrow(CardRemovedError);
    await expect(through(answering('6101', '90'), READ)).rejects.toThrow(MalformedResponseError);
  });
});

describe('6Cxx', () => {
  test.each([
    [READ, '6C10', '00B0000010'],
    [READ, '6C00', '00B0000000'],
    ['00A4040C02AABB00', '6C05', '00A4040C02AABB05'],
    ['00B00000000100', '6C20', '00B00000000020'],
    ['00B00000000100', '6C00', '00B00000000100'],
    ['00B00000000001AA0200', '6C20', '00B00000000001AA0020'],
  ])('%s is repeated with the Le of %s', async (command, answer, repeated) => {
    const channel = answering(answer, 'AA9000');
    expect(await through(channel, command)).toBe('AA9000');
    expect(channel.sent).toEqual([command, repeated]);
  });

  test('happens once: the second 6Cxx is the answer', async () => {
    for (const second of ['6C10', '6C11']) {
      const channel = answering('6C10', second);
      expect(await through(channel, READ)).toBe(second);
      expect(channel.sent.length).toBe(2);
    }
  });

  test('may be followed by 61xx', async () => {
    expect(await through(answering('6C10', 'AA6101', 'BB9000'), READ)).toBe('AABB9000');
  });

  test.each(['00A40000', '00A4040C02AABB'])('%s wants no data, so it is not repeated', async (command) => {
    const channel = answering('6C10');
    expect(await through(channel, command)).toBe('6C10');
    expect(channel.sent).toEqual([command]);
  });
});

describe('a command that uses a key', () => {
  const commands = [
    '802A008003AABBCC00',
    '0088008003AABBCC00',
    '0082008003AABBCC00',
    '00870011037C018000',
    '00C2000003AABBCC00',
  ];

  test.each([...commands, 'FF0000000900200080043132333400'])(
    '%s is not repeated with another Le',
    async (command) => {
      const channel = answering('6C10', 'DD9000');
      expect(await through(channel, command)).toBe('6C10');
      expect(channel.sent).toEqual([command]);
    },
  );

  test.each(commands)('%s may have more to say, which is fetched', async (command) => {
    const channel = answering('6110', 'DD9000');
    expect(await through(channel, command)).toBe('DD9000');
    expect(channel.sent).toEqual([command, '00C0000010']);
  });

  test.each(commands)('%s is not repeated after a first 6F00', async (command) => {
    const channel = answering('6F00');
    expect(toHex(await tolerateFirstFailure()(channel).transmit(fromHex(command)))).toBe('6F00');
    expect(channel.sent).toEqual([command]);
  });
});

describe('a command that can cost a PIN try', () => {
  const commands = [
    '00200080',
    '002000800431323334',
    '00200080043132333400',
    '002100800431323334',
    '00240180043132333400',
    '002600800431323334',
    '00280080043132333400',
    '002C00800431323334',
  ];
  const answers = ['6C00', '6C04', '6100', '6110', 'AA6110', '6F00', '63C2', '9000'];

  test.each(commands)('%s is sent once, whatever the card answers', async (command) => {
    for (const answer of answers) {
      const channel = answering(answer);
      const card = layered(channel, tolerateFirstFailure(), getResponse());
      expect(toHex(await card.transmit(fromHex(command)))).toBe(answer);
      expect(channel.sent).toEqual([command]);
    }
  });

  test('is not repeated either when the link fails', async () => {
    const channel = answering(new CardRemovedError());
    const card = layered(channel, tolerateFirstFailure(), getResponse());
    await expect(card.transmit(fromHex('002000800431323334'))).rejects.toThrow(CardRemovedError);
    expect(channel.sent.length).toBe(1);
  });
});

describe('6F00 to the first command after power-up', () => {
  test('is answered with a throw-away command and one repetition', async () => {
    const channel = answering('6F00', '6A86', '9000');
    const card = layered(channel, tolerateFirstFailure());
    expect(toHex(await card.transmit(fromHex(READ)))).toBe('9000');
    expect(channel.sent).toEqual([READ, '00A40000', READ]);
  });

  test('a second 6F00 is the answer', async () => {
    const channel = answering('6F00', '6F00', '6F00');
    const card = layered(channel, tolerateFirstFailure());
    expect(toHex(await card.transmit(fromHex(READ)))).toBe('6F00');
    expect(channel.sent.length).toBe(3);
  });

  test('is the answer to any later command', async () => {
    const channel = answering('9000', '6F00', '6F00');
    const card = layered(channel, tolerateFirstFailure());
    await card.transmit(fromHex(READ));
    expect(toHex(await card.transmit(fromHex(READ)))).toBe('6F00');
    expect(channel.sent.length).toBe(2);
  });

  test('nothing is sent ahead to a card that answers its first command', async () => {
    const channel = answering('AA9000');
    expect(toHex(await layered(channel, tolerateFirstFailure()).transmit(fromHex(READ)))).toBe('AA9000');
    expect(channel.sent).toEqual([READ]);
  });
});

describe('after a reset', () => {
  test('the first command may fail once more, and is sent again then', async () => {
    const answers = ['9000', '6F00', '6D00', '9000'];
    const channel = Object.assign(answering(...answers), { recover: async () => undefined });
    const layer = tolerateFirstFailure()(channel);
    await layer.transmit(fromHex('00A40000'));
    await layer.recover?.();
    expect(toHex(await layer.transmit(fromHex('00A4040C01A0')))).toBe('9000');
    expect(channel.sent).toEqual(['00A40000', '00A4040C01A0', '00A40000', '00A4040C01A0']);
  });
});
