import { describe, expect, test } from 'vitest';
import { withEverything, withOneCard } from '../test/fake-binding.ts';
import type { PcscBinding } from './binding.ts';
import {
  type BindingLoaders,
  type BindingName,
  bindingNamed,
  chooseBinding,
  sharingBindingFor,
} from './choose-binding.ts';
import { PcscError } from './errors.ts';
import { openPcsc } from './pcsc.ts';

/** Loaders of which only those named find something; they keep who was asked. */
function only(...there: readonly BindingName[]): { loaders: BindingLoaders; asked: BindingName[] } {
  const asked: BindingName[] = [];
  const loader = (name: BindingName) => async (): Promise<PcscBinding> => {
    asked.push(name);
    if (there.includes(name)) return withOneCard();
    throw new PcscError(`${name} is not installed`, { code: 'ERR_PCSC_BINDING_MISSING' });
  };
  return {
    asked,
    loaders: { pcsclite: loader('pcsclite'), socket: loader('socket'), 'pcsc-mini': loader('pcsc-mini') },
  };
}

describe('the binding', () => {
  test.each([
    ['linux', true, ['pcsclite', 'socket']],
    ['linux', false, ['socket']],
    ['win32', true, ['pcsc-mini', 'pcsclite']],
    ['darwin', true, ['pcsc-mini', 'pcsclite']],
    ['win32', false, ['pcsc-mini']],
  ] as const)('is looked for on %s (main thread: %s) as %j', async (platform, mainThread, names) => {
    const { loaders, asked } = only();
    await expect(chooseBinding({ platform, mainThread, loaders })).rejects.toMatchObject({
      code: 'ERR_PCSC_BINDING_MISSING',
      remedy: 'install-driver',
      message: `there is no way to PC/SC: ${names.map((name) => `${name} is not installed`).join('; ')}`,
    });
    expect(asked).toEqual(names);
  });

  test('is the first one that is there, and no other is loaded', async () => {
    const { loaders, asked } = only('pcsclite', 'socket');
    await chooseBinding({ platform: 'linux', mainThread: true, loaders });
    expect(asked).toEqual(['pcsclite']);
  });

  test('that is there and fails otherwise is no reason to take another', async () => {
    const { loaders } = only();
    const broken = { ...loaders, pcsclite: () => Promise.reject(new RangeError('a mistake')) };
    await expect(chooseBinding({ platform: 'linux', mainThread: true, loaders: broken })).rejects.toThrow(
      RangeError,
    );
  });

  test('for sharing is the socket where the chosen one has no transactions, on Linux', async () => {
    const socket = withEverything();
    const asked: string[] = [];
    const loaders: BindingLoaders = {
      ...only().loaders,
      socket: async () => {
        asked.push('socket');
        return socket;
      },
    };
    expect(await sharingBindingFor(withEverything(), { platform: 'linux', loaders })).toBeUndefined();
    expect(await sharingBindingFor(withOneCard(), { platform: 'darwin', loaders })).toBeUndefined();
    expect(asked).toEqual([]);
    expect(await sharingBindingFor(withOneCard(), { platform: 'linux', loaders })).toBe(socket);
    expect(asked).toEqual(['socket']);
  });

  test('can be named, and a name that is none is a mistake', async () => {
    expect((await openPcsc({ binding: 'socket' })).binding.name).toBe('socket');
    await expect(bindingNamed('constructor' as BindingName)).rejects.toThrow(TypeError);
  });
});
