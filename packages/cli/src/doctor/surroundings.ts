import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { release } from 'node:os';
import type { CardChannel } from '@jpki/iso7816';
import type { ConnectOptions, Pcsc } from '@jpki/pcsc';
import { codeOf } from '../error-code.ts';

/** What happens at a unix socket. */
export type Knock = 'answers' | 'absent' | 'refused' | 'denied' | 'silent';

/** PC/SC, as far as it is looked at. */
export interface ExaminedPcsc extends Pick<Pcsc, 'readers' | 'close'> {
  readonly binding: { readonly name: string };
  connect(readerName: string, options: ConnectOptions): Promise<CardChannel>;
}

/** The machine around the command, all that a check may look at. Tests bring their own. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** Version of the operating system's kernel: `6.1.0`, `23.4.0`. */
  readonly release: string;
  readonly nodeVersion: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of this process. */
  readonly processId: number;
  readonly isRoot: boolean;
  now(): Date;
  exists(path: string): boolean;
  /** Text of a small file; `undefined` when it is not there, or not for us. */
  readText(path: string): string | undefined;
  /** Names in a folder; none when it is not there, or not for us. */
  list(path: string): readonly string[];
  /** What `ss -xpH` says of unix sockets; no lines where it is not installed. */
  unixSockets(): Promise<readonly string[]>;
  /** Connects to the unix socket of the PC/SC service and asks for the readers; `silent`: nobody answers. */
  knock(path: string): Promise<Knock>;
  openPcsc(signal: AbortSignal): Promise<ExaminedPcsc>;
  /** Why the addon does not load; `undefined` when it does. */
  addonFailure(): Promise<string | undefined>;
}

/** Milliseconds for a socket to take a connection. */
const KNOCK_TIMEOUT = 2_000;

/** The machine this runs on. */
export function realSurroundings(): Surroundings {
  return {
    platform: process.platform,
    release: release(),
    nodeVersion: process.versions.node,
    env: process.env,
    processId: process.pid,
    isRoot: process.getuid?.() === 0,
    now: () => new Date(),
    exists: existsSync,
    readText: (path) => quietly(() => readFileSync(path, 'utf8')),
    list: (path) => quietly(() => readdirSync(path)) ?? [],
    unixSockets,
    knock: async (path) => {
      const knocked = await knock(path);
      return knocked === 'answers' && (await isSilent()) ? 'silent' : knocked;
    },
    openPcsc: async (signal) => (await import('@jpki/pcsc')).openPcsc({ signal }),
    addonFailure,
  };
}

function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** All of them, as text; a machine with more sockets than this has its holders named in another way. */
const MAX_SOCKET_TEXT = 16 * 1024 * 1024;

function unixSockets(): Promise<readonly string[]> {
  const limits = { timeout: KNOCK_TIMEOUT, maxBuffer: MAX_SOCKET_TEXT };
  return new Promise((resolve) => {
    execFile('ss', ['-xpH'], limits, (error, stdout) => resolve(error ? [] : stdout.split('\n')));
  });
}

function knock(path: string): Promise<Knock> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const leave = (result: Knock) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(KNOCK_TIMEOUT, () => leave('silent'));
    socket.once('connect', () => leave('answers'));
    socket.once('error', (error) => leave(KNOCKS.get(codeOf(error)) ?? 'silent'));
  });
}

const KNOCKS: ReadonlyMap<unknown, Knock> = new Map<unknown, Knock>([
  ['ENOENT', 'absent'],
  ['ENOTDIR', 'absent'],
  ['ECONNREFUSED', 'refused'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
]);

/** Whether the service takes connections and says nothing. Whatever else it says is looked at later. */
async function isSilent(): Promise<boolean> {
  const { openPcsc } = await import('@jpki/pcsc');
  const pcsc = await openPcsc({ binding: 'socket' });
  try {
    await pcsc.readers();
    return false;
  } catch (error) {
    return codeOf(error) === 'ERR_PCSC_TIMEOUT';
  } finally {
    await pcsc.close();
  }
}

async function addonFailure(): Promise<string | undefined> {
  const { openPcsc, pcscliteBinding } = await import('@jpki/pcsc');
  try {
    const pcsc = await openPcsc({ binding: pcscliteBinding() });
    await pcsc.close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
