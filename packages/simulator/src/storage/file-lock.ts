import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorError, systemErrorCode } from '../errors.ts';

/** How long to wait for a living holder, ms; making a key takes a second at worst. */
const DEFAULT_PATIENCE = 30_000;

/** How often to look again, ms. */
const POLL_INTERVAL = 15;

/** A lock whose holder cannot be asked about (another machine, unreadable file) counts as left behind after this, ms. */
const ABANDONED_AFTER = 60_000;

const TOKEN = /^[0-9a-f]{16}$/;

interface Holder {
  /** Tells this locking from every other one. */
  readonly token: string;
  readonly dead: boolean;
}

/** Runs `work` while this process holds the lock file `path`. */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  patience: number = DEFAULT_PATIENCE,
): Promise<T> {
  await acquire(path, performance.now() + patience);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * Creates the lock file, waiting while a living process has it. One left behind by a dead process is removed.
 *
 * @throws {SimulatorError} `ERR_SIM_BUSY` when the holder lives on beyond the deadline; the system's error when
 * the file cannot be created at all.
 */
async function acquire(path: string, deadline: number): Promise<void> {
  while (!(await tryCreate(path))) {
    const holder = await readHolder(path);
    if (holder?.dead) await remove(path, holder.token, deadline);
    else if (performance.now() < deadline) await sleep(POLL_INTERVAL);
    else throw new SimulatorError(`another process keeps the lock ${path}`, { code: 'ERR_SIM_BUSY' });
  }
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    const token = randomBytes(8).toString('hex');
    const owner = { token, pid: process.pid, start: processStart(process.pid), host: thisHost() };
    await file.writeFile(JSON.stringify(owner)).finally(() => file.close());
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock of a dead process. Two waiters may both have found it dead, and the slower one must not remove
 * the lock that the faster one has taken since. So whoever removes holds a lock named after the dead one's token,
 * and looks again; if it dies in the middle, that lock is removed in the same way.
 */
async function remove(path: string, token: string, deadline: number): Promise<void> {
  const guard = `${path}.${token}`;
  await acquire(guard, deadline);
  try {
    const holder = await readHolder(path);
    if (holder?.dead && holder.token === token) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const { ino, mtimeMs } = await stat(path);
    const abandoned = Date.now() - mtimeMs > ABANDONED_AFTER;
    return parseHolder(await readFile(path, 'utf8'), abandoned) ?? { token: `${ino}`, dead: abandoned };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string, abandoned: boolean): Holder | undefined {
  let owner: unknown;
  try {
    owner = JSON.parse(text);
  } catch {
    // Its owner has not written it yet, or died before it could.
    return undefined;
  }
  if (typeof owner !== 'object' || owner === null || !('token' in owner) || !('pid' in owner))
    return undefined;
  const { token, pid } = owner;
  if (typeof token !== 'string' || !TOKEN.test(token) || typeof pid !== 'number') return undefined;
  if (!('host' in owner) || owner.host !== thisHost()) return { token, dead: abandoned };
  const start = 'start' in owner ? owner.start : undefined;
  return { token, dead: !isAlive(pid) || (start !== undefined && start !== processStart(pid)) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return systemErrorCode(error) !== 'ESRCH';
  }
}

/** Start time of a process in clock ticks since boot (proc(5), stat field 22); a number is reused, this is not. */
function processStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before it is in parentheses and may hold anything.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Where process numbers mean something: this machine, and on Linux this container. */
function thisHost(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
