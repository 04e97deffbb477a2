import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ScriptedService, type ScriptedServiceOptions } from '../../test/scripted-service.ts';
import { openSession, type ServiceAddress } from './session.ts';
import { socketBinding } from './socket-binding.ts';

const until = (check: () => void) => vi.waitFor(check, { interval: 2, timeout: 10_000 });

let service: ScriptedService | undefined;

afterEach(async () => {
  await service?.[Symbol.asyncDispose]();
  service = undefined;
});

/** Opens a session with a service of these properties; tells what came out and what had been announced. */
async function negotiated(options: ScriptedServiceOptions, known?: ServiceAddress['minor']) {
  service = await ScriptedService.start(options);
  const address: ServiceAddress = { path: service.path, minor: known };
  const { connection, minor } = await openSession(address);
  connection.close();
  return { minor, remembered: address.minor, announced: service.announced };
}

describe('agreeing on a version', () => {
  test.each([
    ['4:6 at once', { minor: 6, leniency: 'older' }, undefined, 6, [6]],
    ['4:5 after a refusal', { minor: 5 }, undefined, 5, [6, 5]],
    ['4:4 after a refusal', { minor: 4 }, undefined, 4, [6, 4]],
    [
      '4:5 with a service that lets 4:6 in, and means 4:5',
      { minor: 5, leniency: 'all' },
      undefined,
      5,
      [6, 5],
    ],
    ['4:4 at once where that is known', { minor: 4 }, 4, 4, [4]],
    ['4:6 after the service became newer', { minor: 6, leniency: 'older' }, 4, 6, [4, 6]],
    ['4:4 after the service became older', { minor: 4 }, 5, 4, [5, 4]],
    ['4:4 with a newer one that lets older ones in', { minor: 7, leniency: 'older' }, undefined, 4, [6, 4]],
  ] as const)('finds %s', async (_, options, known, minor, announced) => {
    expect(await negotiated(options, known)).toEqual({ minor, remembered: minor, announced });
  });

  test.each([
    ['an older major version', { major: 3, minor: 0 }, '3:0'],
    ['a newer major version', { major: 5, minor: 4 }, '5:4'],
    ['an older minor version', { minor: 3 }, '4:3'],
    ['a newer minor version that lets nobody in', { minor: 9 }, '4:9'],
  ])('refuses %s politely', async (_, options, spoken) => {
    await expect(negotiated(options)).rejects.toMatchObject({
      name: 'PcscError',
      code: 'ERR_PCSC_UNSUPPORTED',
      message: `the PC/SC service speaks protocol ${spoken}; this client knows 4:4 to 4:6`,
    });
  });

  test('ends with a service that never means what it says', async () => {
    const override: ScriptedServiceOptions['override'] = ({ body }) => {
      const answer = Buffer.from(body);
      answer.set([4, 0, 0, 0, (body[4] ?? 0) === 4 ? 5 : 4, 0, 0, 0, 0x1e, 0, 0x10, 0x80]);
      return answer;
    };
    await expect(negotiated({ override })).rejects.toMatchObject({ code: 'ERR_PCSC_UNSUPPORTED' });
    expect(service?.received.length).toBe(3);
  });

  test('leaves no connection open but the one it gives', async () => {
    service = await ScriptedService.start({ minor: 4 });
    const { connection } = await openSession({ path: service.path, minor: undefined });
    await until(() => expect(service?.clients).toBe(1));
    connection.close();
    await until(() => expect(service?.clients).toBe(0));
  });
});

describe('a service that cannot be reached', () => {
  const failure = (path: string) => openSession({ path, minor: undefined });

  test('is not running where its socket is not there', async () => {
    await expect(failure('/nowhere/pcscd.comm')).rejects.toMatchObject({ scardCode: 0x8010001d });
    await expect(failure(`/${'x'.repeat(200)}`)).rejects.toMatchObject({ scardCode: 0x8010001d });
  });

  test('is not behind a file that is no socket, and that is said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jpki-no-socket-'));
    const path = join(folder, 'pcscd.comm');
    await writeFile(path, '');
    await expect(failure(path)).rejects.toMatchObject({
      code: 'ERR_PCSC_NO_SERVICE',
      message: `${path} is not the socket of a PC/SC service`,
    });
    await rm(folder, { recursive: true });
  });

  test('refuses this user if it hangs up twice before its first answer', async () => {
    service = await ScriptedService.start({ refusesUsers: true });
    await expect(failure(service.path)).rejects.toMatchObject({
      name: 'ScardFailure',
      scardCode: 0x8010006a,
    });
  });

  test('is not there on other systems than Linux, unless its path is given', () => {
    vi.stubEnv('PCSCLITE_CSOCK_NAME', undefined);
    const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin');
    expect(() => socketBinding()).toThrow(expect.objectContaining({ code: 'ERR_PCSC_BINDING_MISSING' }));
    expect(socketBinding({ path: '/opt/pcscd.comm' }).name).toBe('socket');
    vi.stubEnv('PCSCLITE_CSOCK_NAME', '/opt/pcscd.comm');
    expect(socketBinding().name).toBe('socket');
    platform.mockRestore();
    vi.unstubAllEnvs();
  });
});
