import { describe, expect, test } from 'vitest';
import { failing, log, start } from '../../test/fake-pcsclite.ts';

describe('a connection', () => {
  test('has an object of its own, says share mode and disposition, and reuses the object', async () => {
    const { binding, observation, context, listed } = start('A');
    await listed();
    context.status(0, { state: 0x122 });
    for (const disposition of ['unpower', 'leave'] as const) {
      const card = await binding.connect('A', 'exclusive');
      expect(await card.transmit(Uint8Array.of(0, 0xb0))).toEqual(Uint8Array.of(0x90, 0x00));
      await card.disconnect(disposition);
    }
    expect(log).toEqual([
      'new A',
      ...['connect 1 3', 'transmit 00b0 65538 2', 'disconnect 2'],
      ...['connect 1 3', 'transmit 00b0 65538 2', 'disconnect 0'],
    ]);
    await observation.close();
  });

  test('asks for the protocol that is wanted, and for none when it is direct', async () => {
    const { binding, observation, context, listed } = start('A');
    await listed();
    context.status(0, { state: 0x122 });
    for (const [share, protocol] of [
      ['exclusive', 'T=0'],
      ['shared', 'T=1'],
      ['direct', undefined],
    ] as const) {
      await (await binding.connect('A', share, protocol)).disconnect('leave');
    }
    expect(log.filter((line) => line.startsWith('connect'))).toEqual([
      'connect 1 1',
      'connect 2 2',
      'connect 3 0',
    ]);
    await observation.close();
  });

  test('tells the reader something, from a buffer that is its own until the answer', async () => {
    const { binding, observation, context, listed } = start('A');
    await listed();
    context.status(0, { state: 0x122 });
    const card = await binding.connect('A', 'shared');
    const input = Uint8Array.of(7, 8);
    const answer = card.control?.(0x4233_0006, input);
    input.fill(0);
    expect(await answer).toEqual(Uint8Array.of(1, 2));
    expect(log.at(-1)).toBe('control 42330006 0708 65548');
    await card.disconnect('leave');
    await observation.close();
  });

  test('from before a restart of the service is replaced by a new one', async () => {
    const { binding, observation, context, listed } = start('A');
    await listed();
    context.status(0, { state: 0x122 });
    await (await binding.connect('A', 'shared')).disconnect('unpower');
    log.length = 0;
    failing.connect = 'SCardConnect error: Invalid handle.(0x80100003)';
    await expect(binding.connect('A', 'shared')).rejects.toMatchObject({ scardCode: 0x80100003 });
    expect(log).toEqual(['connect 2 3', 'new A', 'connect 2 3']);
    await observation.close();
  });

  test('is refused where there is no reader to make it from', async () => {
    const { binding, observation } = start();
    await expect(binding.connect('A', 'shared')).rejects.toMatchObject({ scardCode: 0x8010002e });
    await observation.close();
  });
});
