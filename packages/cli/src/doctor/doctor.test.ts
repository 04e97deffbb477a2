import type { CardChannel } from '@jpki/iso7816';
import { PcscError, type PcscErrorCode } from '@jpki/pcsc';
import { describe, expect, it } from 'vitest';
import { examine } from './examination.ts';
import { type DoctorCode, doctorFinding } from './finding.ts';
import { checkNode } from './program-checks.ts';
import { checkReaders } from './reader-checks.ts';
import type { ExaminedPcsc, Knock, Surroundings } from './surroundings.ts';

interface World extends Partial<Omit<Surroundings, 'exists' | 'readText' | 'list' | 'knock'>> {
  /** Text by path; a folder is there when something in it is. */
  readonly files?: Readonly<Record<string, string>>;
  readonly socket?: Knock;
}

/** A healthy Linux with pcscd and CCID, unless the world says otherwise. */
function surroundings({ files = {}, socket = 'answers', ...rest }: World = {}): Surroundings {
  const all: Readonly<Record<string, string>> = {
    '/usr/sbin/pcscd': '',
    '/usr/lib/pcsc/drivers/ifd-ccid.bundle': '',
    ...files,
  };
  const below = (path: string) => Object.keys(all).filter((name) => name.startsWith(`${path}/`));
  return {
    platform: 'linux',
    release: '6.1.0',
    nodeVersion: '22.12.0',
    env: {},
    processId: 1,
    now: () => new Date(),
    exists: (path) => path in all || below(path).length > 0,
    readText: (path) => all[path],
    list: (path) => [
      ...new Set(below(path).map((name) => name.slice(path.length + 1).split('/', 1)[0] ?? '')),
    ],
    knock: async () => socket,
    openPcsc: async () => pcsc(),
    addonFailure: async () => undefined,
    ...rest,
  };
}

type Readers = Awaited<ReturnType<ExaminedPcsc['readers']>>;

const FULL: Readers = [{ name: 'Reader A', cardPresent: true, unresponsive: false }];

const channel: CardChannel = {
  atr: new Uint8Array(),
  transmit: async () => Uint8Array.of(0x6a, 0x82),
  [Symbol.asyncDispose]: async () => undefined,
};

function pcsc(options: { readers?: Readers | Error; connect?: Error; name?: string } = {}): ExaminedPcsc {
  const { readers = FULL, connect, name = 'pcsclite' } = options;
  return {
    binding: { name },
    readers: async () => {
      if (readers instanceof Error) throw readers;
      return readers;
    },
    connect: async () => {
      if (connect) throw connect;
      return channel;
    },
    close: async () => undefined,
  };
}

const failure = (code: PcscErrorCode) => new PcscError(`what ${code} says`, { code });
const { signal } = new AbortController();

/** The findings about a world in which every card is one of ours. */
async function diagnose(world: World, uri = 'pcsc:') {
  return examine(uri, surroundings(world), signal);
}

async function codes(world: World, uri?: string): Promise<DoctorCode[]> {
  return (await diagnose(world, uri)).map(({ code }) => code);
}

describe('the program and what is around it', () => {
  it.each([
    ['20.19.0', 'NODE_VERSION'],
    ['22.12.0', 'NODE_VERSION'],
    ['24.0.0', 'NODE_VERSION'],
    ['26.1.0', 'NODE_VERSION'],
    ['20.18.3', 'NODE_TOO_OLD'],
    ['22.11.0', 'NODE_TOO_OLD'],
    ['21.7.0', 'NODE_TOO_OLD'],
    ['18.20.0', 'NODE_TOO_OLD'],
  ])('Node %s is %s', (nodeVersion, code) => {
    expect(checkNode(surroundings({ nodeVersion })).code).toBe(code);
  });

  it.each<[string, World, DoctorCode]>([
    ['a container', { files: { '/.dockerenv': '' } }, 'CONTAINER'],
    ['a container of podman', { files: { '/run/.containerenv': '' } }, 'CONTAINER'],
    ['a container of systemd', { env: { container: 'systemd-nspawn' } }, 'CONTAINER'],
    ['a pod', { files: { '/proc/1/cgroup': '0::/kubepods/pod1' } }, 'CONTAINER'],
    ['WSL', { files: { '/proc/version': 'Linux version 5.15 (Microsoft@Microsoft.com)' } }, 'WSL'],
    ['a snap', { env: { SNAP_NAME: 'code' } }, 'SANDBOX'],
    ['a Flatpak', { files: { '/.flatpak-info': '' } }, 'SANDBOX'],
    ['a browser in a snap', { files: { '/snap/firefox/current': '' } }, 'BROWSER_SANDBOX'],
    ['remote desktop', { platform: 'win32', env: { SESSIONNAME: 'RDP-Tcp#3' } }, 'REMOTE_DESKTOP'],
    ['another socket', { env: { PCSCLITE_CSOCK_NAME: '/x' } }, 'SOCKET_OVERRIDDEN'],
    [
      'a service with polkit',
      { files: { '/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy': '' } },
      'POLKIT',
    ],
  ])('%s is found', async (_, world, code) => {
    expect(await codes(world)).toContain(code);
    expect(await codes({})).not.toContain(code);
  });
});

describe('the service', () => {
  it.each<[string, World, DoctorCode]>([
    ['answers', {}, 'SERVICE_RUNNING'],
    ['is not running', { socket: 'absent' }, 'SERVICE_NOT_RUNNING'],
    [
      'waits for its socket unit',
      {
        socket: 'absent',
        files: { '/run/systemd/system/x': '', '/usr/lib/systemd/system/pcscd.socket': '' },
      },
      'SERVICE_SOCKET_INACTIVE',
    ],
    ['crashed', { socket: 'refused' }, 'SERVICE_CRASHED'],
    ['is closed to this user', { socket: 'denied' }, 'SERVICE_FORBIDDEN'],
    ['hangs at the door', { socket: 'failed' }, 'SERVICE_HANGS'],
    [
      'is not where the variable says',
      { socket: 'absent', env: { PCSCLITE_CSOCK_NAME: '/x' } },
      'SERVICE_NOT_RUNNING',
    ],
  ])('%s', async (_, world, code) => {
    const found = await codes(world);
    expect(found).toContain(code);
    // Without it nothing behind it is asked.
    expect(found.includes('READERS')).toBe(code === 'SERVICE_RUNNING');
  });

  it('is not installed', async () => {
    const bare = { ...surroundings({ socket: 'absent' }), exists: () => false };
    expect((await examine('pcsc:', bare, signal)).map(({ code }) => code)).toContain('SERVICE_NOT_INSTALLED');
  });

  it('is looked for outside a container that has none', async () => {
    const world = surroundings({ socket: 'absent' });
    const inside = { ...world, exists: (path: string) => path === '/.dockerenv' };
    const found = await examine('pcsc:', inside, signal);
    expect(found.map(({ code }) => code)).toContain('SERVICE_NOT_IN_CONTAINER');
  });

  it.each<[PcscErrorCode, DoctorCode]>([
    ['ERR_PCSC_NO_ACCESS', 'ACCESS_DENIED'],
    ['ERR_PCSC_TIMEOUT', 'SERVICE_HANGS'],
    ['ERR_PCSC_NO_SERVICE', 'SERVICE_NOT_RUNNING'],
    ['ERR_PCSC_INTERNAL', 'SERVICE_FAILED'],
  ])('that answers %s is %s', async (code, finding) => {
    expect(await codes({ openPcsc: async () => pcsc({ readers: failure(code) }) })).toContain(finding);
  });

  it('is the business of the system on Windows and macOS', async () => {
    const openPcsc = async () => pcsc({ readers: failure('ERR_PCSC_NO_SERVICE'), name: 'pcsc-mini' });
    const found = await diagnose({ platform: 'win32', openPcsc });
    expect(found.map(({ code }) => code)).toEqual(['NODE_VERSION', 'BINDING', 'SERVICE_NOT_RUNNING']);
    expect(found.at(-1)?.facts.platform).toBe('win32');
  });
});

describe('the way to PC/SC', () => {
  it('is the addon', async () => {
    expect(await diagnose({})).toContainEqual(doctorFinding('BINDING', { subject: 'pcsclite' }));
  });

  it('is something else, and why', async () => {
    const openPcsc = async () => pcsc({ name: 'socket' });
    const addonFailure = async () => 'not compiled\nRequire stack: …';
    expect(await diagnose({ openPcsc, addonFailure })).toContainEqual(
      doctorFinding('BINDING_FALLBACK', { subject: 'socket', detail: 'not compiled' }),
    );
    expect(await codes({ openPcsc })).toContain('BINDING');
  });

  it.each<[PcscErrorCode, DoctorCode]>([
    ['ERR_PCSC_BINDING_MISSING', 'BINDING_MISSING'],
    ['ERR_PCSC_INTERNAL', 'SERVICE_FAILED'],
  ])('that fails with %s is %s', async (code, finding) => {
    expect(await codes({ openPcsc: () => Promise.reject(failure(code)) })).toContain(finding);
  });
});

const NO_READERS = { openPcsc: async () => pcsc({ readers: [] }) };

describe('drivers and readers', () => {
  it('names the drivers, and misses the common one', async () => {
    expect(await codes({})).toContain('DRIVER');
    const bare = { ...surroundings(), exists: (path: string) => path.endsWith('libifdvpcd.so') };
    const found = (await examine('pcsc:', bare, signal)).map(({ code }) => code);
    expect(found).toEqual(expect.arrayContaining(['DRIVER', 'DRIVER_MISSING']));
  });

  it('misses a reader', async () => {
    expect(await codes(NO_READERS)).toContain('NO_READER');
    expect(await diagnose({}, 'pcsc:Other')).toContainEqual(doctorFinding('NO_READER', { subject: 'Other' }));
  });

  it('sees a reader on the USB that the service does not have, and a kernel module in the way', async () => {
    const files = {
      '/sys/bus/usb/devices/1-2:1.0/bInterfaceClass': '0b\n',
      '/sys/bus/usb/devices/1-2/product': 'RC-S300\n',
      '/sys/bus/usb/devices/1-3:1.0/bInterfaceClass': '03\n',
      '/sys/module/port100/x': '',
    };
    const found = await diagnose({ ...NO_READERS, files });
    expect(found).toContainEqual(doctorFinding('READER_NOT_TAKEN', { subject: 'RC-S300' }));
    expect(found).toContainEqual(doctorFinding('KERNEL_DRIVER', { subject: 'port100' }));
  });

  it("knows the driver of macOS 14 by the kernel's number", async () => {
    const openPcsc = async () => pcsc({ readers: [], name: 'pcsc-mini' });
    expect(await codes({ openPcsc, platform: 'darwin', release: '23.4.0' })).toContain('MACOS_DRIVER');
    expect(await codes({ openPcsc, platform: 'darwin', release: '22.6.0' })).not.toContain('MACOS_DRIVER');
  });

  it('misses a card, and one that answers', async () => {
    const reader = { name: 'R', cardPresent: false, unresponsive: false };
    expect(await codes({ openPcsc: async () => pcsc({ readers: [reader] }) })).toContain('NO_CARD');
    const mute = { name: 'R', cardPresent: true, unresponsive: true };
    expect(await codes({ openPcsc: async () => pcsc({ readers: [mute] }) })).toContain('CARD_UNRESPONSIVE');
  });
});

describe('a card in use', () => {
  const openPcsc = async () => pcsc({ connect: failure('ERR_PCSC_SHARING_VIOLATION') });

  it('is held by whoever has the PC/SC library in memory, or is known to hold cards', async () => {
    const files = {
      '/proc/1/comm': 'node\n',
      '/proc/1/maps': '/usr/lib/libpcsclite.so.1',
      '/proc/20/comm': 'scdaemon\n',
      '/proc/20/maps': '7f00 r-xp /usr/lib/x86_64-linux-gnu/libpcsclite.so.1.0.0',
      '/proc/21/comm': 'firefox\n',
      '/proc/22/comm': 'firefox\n',
      '/proc/22/maps': '7f00 r-xp /usr/lib/libc.so.6',
      '/proc/30/comm': 'pcscd\n',
      '/proc/30/maps': '/usr/lib/libpcsclite.so.1',
      '/proc/31/comm': 'bash\n',
      '/proc/self/comm': 'node\n',
    };
    expect(await diagnose({ openPcsc, files })).toContainEqual(
      doctorFinding('CARD_IN_USE', { subject: 'Reader A', detail: 'scdaemon (20), firefox (21)' }),
    );
  });

  it('is told where nobody can be named', async () => {
    expect(await diagnose({ openPcsc })).toContainEqual(
      doctorFinding('CARD_IN_USE', { subject: 'Reader A', detail: '' }),
    );
  });

  it.each<[PcscErrorCode, DoctorCode]>([
    ['ERR_PCSC_UNRESPONSIVE_CARD', 'CARD_UNRESPONSIVE'],
    ['ERR_PCSC_UNPOWERED_CARD', 'CARD_UNRESPONSIVE'],
    ['ERR_PCSC_COMMUNICATION', 'CARD_FAILED'],
  ])('is not one that answers %s: %s', async (code, finding) => {
    expect(await codes({ openPcsc: async () => pcsc({ connect: failure(code) }) })).toContain(finding);
  });
});

describe('cards', () => {
  it('that are not ours are a problem where there is none of ours', async () => {
    expect(await diagnose({})).toContainEqual(doctorFinding('CARD_OTHER', { subject: 'Reader A' }));
  });

  it('are looked at side by side: another one beside ours is a warning, and one that fails stops nothing', async () => {
    const readers = ['ours', 'other', 'broken'].map((name) => ({
      name,
      cardPresent: true,
      unresponsive: false,
    }));
    const examineCard = async (_: CardChannel, reader: string) => {
      if (reader === 'broken') throw failure('ERR_PCSC_COMMUNICATION');
      return [doctorFinding(reader === 'ours' ? 'CARD' : 'CARD_OTHER', { subject: reader })];
    };
    const found = await checkReaders(surroundings({ openPcsc: async () => pcsc({ readers }) }), {
      wanted: undefined,
      examineCard,
      signal,
    });
    expect(found.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'BINDING ok',
      'READERS ok',
      'CARD ok',
      'CARD_OTHER warning',
      'CARD_FAILED problem',
    ]);
  });
});
