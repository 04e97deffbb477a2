import { ScardFailure } from '../binding.ts';
import { afterPatience, pause } from '../deadline.ts';
import { PcscError } from '../errors.ts';
import {
  hasScardCode,
  SCARD_E_SERVICE_STOPPED,
  SCARD_F_COMM_ERROR,
  SCARD_W_SECURITY_VIOLATION,
} from '../scard/scard-numbers.ts';
import { request, VERSION } from './messages.ts';
import type { ReplyForm } from './reply-reader.ts';
import { ServiceConnection } from './service-connection.ts';
import { readNumber } from './struct.ts';

/** The protocol this client knows: 4:4 (pcsc-lite 1.8.24 to 2.2), 4:5 (2.3 and 2.4), 4:6 (2.5). */
const MAJOR = 4;
const OLDEST_MINOR = 4;
const NEWEST_MINOR = 6;

/**
 * Most connections to agree on a version: what the service was last known to speak, what it says it speaks, and
 * the oldest one if it turns out to be newer than we know.
 */
const MOST_TRIES = 3;

/**
 * Milliseconds in which a service that runs, or is being started for us, gives its first answer. One that is frozen
 * takes connections for ever and says nothing.
 */
const PATIENCE = 3_500;

/** The same for a few seconds after it was silent, so that nobody waits long twice. One that thaws answers within a few ms. */
const PATIENCE_AFTER_SILENCE = 500;
const SILENCE_MEMORY = 5_000;

/**
 * Milliseconds between two tries to connect while the queue of the service is full: it holds two connections, and
 * who blocks would wait there, which a program of one thread cannot.
 */
const QUEUE_DELAY = 5;

/** A minor version that both sides speak. */
export type Minor = 4 | 5 | 6;

/** Where the service is, and how it was last seen. */
export interface ServiceAddress {
  readonly path: string;
  /** What it spoke. */
  minor: Minor | undefined;
  /** When it was last found silent, by `performance.now()`. */
  silentAt?: number | undefined;
}

/** A connection on which both sides know how to talk. */
export interface Session {
  readonly connection: ServiceConnection;
  readonly minor: Minor;
}

interface VersionReply {
  readonly major: number;
  readonly minor: number;
  readonly rv: number;
}

const versionForm: ReplyForm<VersionReply> = {
  size: VERSION.size,
  read: (view) => ({
    major: readNumber(view, VERSION.offsets.major),
    minor: readNumber(view, VERSION.offsets.minor),
    rv: readNumber(view, VERSION.offsets.rv),
  }),
};

/**
 * Connects and agrees on a version. A service of another minor version refuses (before pcsc-lite 2.4.1) or accepts
 * and tells its own; then a new connection is made with what it speaks, as its own library does since 2.4.1.
 *
 * @param signal gives up, as cancelled.
 * @throws {ScardFailure} when the service cannot be reached, or refuses this user.
 * @throws {PcscError} `ERR_PCSC_UNSUPPORTED` when it speaks a protocol that this client does not know,
 *   `ERR_PCSC_TIMEOUT` when it says nothing for {@link PATIENCE}.
 */
export async function openSession(address: ServiceAddress, signal?: AbortSignal): Promise<Session> {
  const silence = new AbortController();
  const callOff = afterPatience(patienceWith(address), () => silence.abort());
  try {
    return await agree(address, signal ? AbortSignal.any([signal, silence.signal]) : silence.signal);
  } catch (error) {
    if (!silence.signal.aborted || signal?.aborted) throw error;
    address.silentAt = performance.now();
    throw silentService(address.path);
  } finally {
    callOff();
  }
}

function patienceWith({ silentAt }: ServiceAddress): number {
  const wasSilent = silentAt !== undefined && performance.now() - silentAt < SILENCE_MEMORY;
  return wasSilent ? PATIENCE_AFTER_SILENCE : PATIENCE;
}

async function agree(address: ServiceAddress, signal: AbortSignal): Promise<Session> {
  let announced: Minor = address.minor ?? NEWEST_MINOR;
  for (let attempt = 1; ; attempt++) {
    const { connection, reply } = await firstAnswer(address.path, announced, signal);
    const next = nextVersion(reply, announced);
    if (next === announced && reply.rv === 0) {
      address.minor = announced;
      address.silentAt = undefined;
      return { connection, minor: announced };
    }
    connection.close();
    if (reply.rv !== 0 && reply.rv !== SCARD_E_SERVICE_STOPPED)
      throw new ScardFailure(reply.rv, VERSION.call);
    if (next === undefined || next === announced || attempt === MOST_TRIES) throw unknownProtocol(reply);
    announced = next;
  }
}

/** What to announce after this answer; the same again means that all is well. Undefined: there is no way. */
function nextVersion({ major, minor, rv }: VersionReply, announced: Minor): Minor | undefined {
  if (major !== MAJOR || minor < OLDEST_MINOR) return undefined;
  if (isKnown(minor)) return minor;
  // Newer than we know. It is asked for the oldest dialect, the only one whose meaning does not depend on it.
  return rv === 0 ? OLDEST_MINOR : announced;
}

function isKnown(minor: number): minor is Minor {
  return minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
}

/**
 * Announces a version on a new connection. A service that hangs up before its first answer either ended at that
 * moment or does not let this user in (a polkit rule); another connection tells which.
 */
async function firstAnswer(
  path: string,
  minor: Minor,
  signal: AbortSignal,
): Promise<{ connection: ServiceConnection; reply: VersionReply }> {
  try {
    return await announce(path, minor, signal);
  } catch (error) {
    if (!hungUp(error)) throw error;
  }
  try {
    return await announce(path, minor, signal);
  } catch (error) {
    if (hungUp(error)) throw new ScardFailure(SCARD_W_SECURITY_VIOLATION, VERSION.call, error);
    throw error;
  }
}

/** Announces a version as soon as the service has room for another connection. */
async function announce(
  path: string,
  minor: Minor,
  signal: AbortSignal,
): Promise<{ connection: ServiceConnection; reply: VersionReply }> {
  for (;;) {
    try {
      return await announceOnce(path, minor, signal);
    } catch (error) {
      if (!isCrowded(error)) throw error;
      await pause(QUEUE_DELAY, signal);
    }
  }
}

async function announceOnce(
  path: string,
  minor: Minor,
  signal: AbortSignal,
): Promise<{ connection: ServiceConnection; reply: VersionReply }> {
  const connection = new ServiceConnection(path);
  const giveUp = () => connection.close();
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    const reply = await connection.exchange(
      VERSION.call,
      request(VERSION, { major: MAJOR, minor }),
      versionForm,
    );
    return { connection, reply };
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function silentService(path: string): PcscError {
  return new PcscError(`the PC/SC service takes connections and does not answer (${path})`, {
    code: 'ERR_PCSC_TIMEOUT',
    remedy: 'restart-service',
  });
}

function isCrowded(error: unknown): boolean {
  const cause = error instanceof ScardFailure ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN';
}

function hungUp(error: unknown): boolean {
  return hasScardCode(error, SCARD_F_COMM_ERROR);
}

function unknownProtocol({ major, minor }: VersionReply): PcscError {
  return new PcscError(
    `the PC/SC service speaks protocol ${major}:${minor}; ` +
      `this client knows ${MAJOR}:${OLDEST_MINOR} to ${MAJOR}:${NEWEST_MINOR}`,
    { code: 'ERR_PCSC_UNSUPPORTED' },
  );
}
