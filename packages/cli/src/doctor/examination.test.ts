import { PcscError, type PcscErrorCode } from '@jpki/pcsc';
import { describe, expect, it } from 'vitest';
import { codesOf, diagnose, pcsc, surroundings, type World } from '../../test/invented-surroundings.ts';
import { examine } from './examination.ts';
import { type DoctorCode, doctorFinding } from './finding.ts';
import { checkNode } from './program-checks.ts';

const failure = (code: PcscErrorCode) => new PcscError(`what ${code} says`, { code });
const { signal } = new AbortController();

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
    expect(await codesOf(world)).toContain(code);
    expect(await codesOf({})).not.toContain(code);
  });
});

describe('the service', () => {
  it.each<['refused' | 'silent', DoctorCode]>([
    ['refused', 'SERVICE_CRASHED'],
    ['silent', 'SERVICE_HANGS'],
  ])('that is %s is started again by what started it', async (socket, code) => {
    const find = async (files: Readonly<Record<string, string>>) =>
      (await diagnose({ socket, files })).find((finding) => finding.code === code)?.facts.detail;
    expect(await find({ '/run/systemd/system/x': '' })).toBe('systemd');
    expect(await find({})).toBe('');
  });

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
    ['hangs at the door', { socket: 'silent' }, 'SERVICE_HANGS'],
    [
      'is not where the variable says',
      { socket: 'absent', env: { PCSCLITE_CSOCK_NAME: '/x' } },
      'SERVICE_NOT_RUNNING',
    ],
  ])('%s', async (_, world, code) => {
    const found = await codesOf(world);
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
    expect(await codesOf({ openPcsc: async () => pcsc({ readers: failure(code) }) })).toContain(finding);
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
    expect(await codesOf({ openPcsc })).toContain('BINDING');
  });

  it.each<[PcscErrorCode, DoctorCode]>([
    ['ERR_PCSC_BINDING_MISSING', 'BINDING_MISSING'],
    ['ERR_PCSC_INTERNAL', 'SERVICE_FAILED'],
  ])('that fails with %s is %s', async (code, finding) => {
    expect(await codesOf({ openPcsc: () => Promise.reject(failure(code)) })).toContain(finding);
  });
});
