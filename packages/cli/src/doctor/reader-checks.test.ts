import type { CardChannel } from '@jpki/iso7816';
import { PcscError, type PcscErrorCode } from '@jpki/pcsc';
import { describe, expect, it } from 'vitest';
import { codesOf, diagnose, pcsc, surroundings } from '../../test/invented-surroundings.ts';
import { examine } from './examination.ts';
import { type DoctorCode, doctorFinding } from './finding.ts';
import { checkReaders } from './reader-checks.ts';

const failure = (code: PcscErrorCode) => new PcscError(`what ${code} says`, { code });
const { signal } = new AbortController();

const NO_READERS = { openPcsc: async () => pcsc({ readers: [] }) };

describe('drivers and readers', () => {
  it('names the drivers, and misses the common one', async () => {
    expect(await codesOf({})).toContain('DRIVER');
    const bare = { ...surroundings(), exists: (path: string) => path.endsWith('libifdvpcd.so') };
    const found = (await examine('pcsc:', bare, signal)).map(({ code }) => code);
    expect(found).toEqual(expect.arrayContaining(['DRIVER', 'DRIVER_MISSING']));
  });

  it('misses a reader', async () => {
    expect(await codesOf(NO_READERS)).toContain('NO_READER');
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
    expect(await codesOf({ openPcsc, platform: 'darwin', release: '23.4.0' })).toContain('MACOS_DRIVER');
    expect(await codesOf({ openPcsc, platform: 'darwin', release: '22.6.0' })).not.toContain('MACOS_DRIVER');
  });

  it('misses a card, and one that answers', async () => {
    const reader = { name: 'R', cardPresent: false, unresponsive: false };
    expect(await codesOf({ openPcsc: async () => pcsc({ readers: [reader] }) })).toContain('NO_CARD');
    const mute = { name: 'R', cardPresent: true, unresponsive: true };
    expect(await codesOf({ openPcsc: async () => pcsc({ readers: [mute] }) })).toContain('CARD_UNRESPONSIVE');
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

  const SOCKETS = [
    'u_str ESTAB 0 0 /run/pcscd/pcscd.comm 101 * 100 users:(("pcscd",pid=30,fd=14))',
    'u_str ESTAB 0 0 /run/pcscd/pcscd.comm 103 * 102 users:(("pcscd",pid=30,fd=15))',
    'u_str ESTAB 0 0 /run/pcscd/pcscd.comm 105 * 104',
    'u_str ESTAB 0 0 /run/dbus/socket 107 * 106',
    'u_str ESTAB 0 0 * 100 * 101 users:(("node",pid=1,fd=20))',
    'u_str ESTAB 0 0 * 102 * 103 users:(("p11 kit",pid=40,fd=5),("p11 kit",pid=40,fd=6))',
    'u_str ESTAB 0 0 * 104 * 105',
    'u_str ESTAB 0 0 * 106 * 107 users:(("dbus-client",pid=50,fd=3))',
    'no line of ss',
  ];
  const MAPPED = { '/proc/60/comm': 'other\n', '/proc/60/maps': '/usr/lib/libpcsclite.so.1' };

  it.each([
    ['is held by whoever is connected, as root sees all of them', true, 'p11 kit (40)'],
    ['may be held by others too, where not all can be seen', false, 'p11 kit (40), other (60)'],
  ])('%s', async (_, isRoot, detail) => {
    const world = { openPcsc, files: MAPPED, unixSockets: async () => SOCKETS, isRoot };
    expect(await diagnose(world)).toContainEqual(
      doctorFinding('CARD_IN_USE', { subject: 'Reader A', detail }),
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
    expect(await codesOf({ openPcsc: async () => pcsc({ connect: failure(code) }) })).toContain(finding);
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
