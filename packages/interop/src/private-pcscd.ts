import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePorts, listenersOn, socketsOf } from './free-ports.ts';
import { compileNoDelayPreload, makePcscdFolder, removeAbandonedFolders } from './pcscd-folder.ts';
import { commandRequirement, type Requirement, requirement, requirements } from './requirement.ts';

/** Where Debian's vsmartcard-vpcd puts its driver. */
const VPCD_DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

/** PCSCLITE_MAX_READERS_CONTEXTS of Debian's pcscd: further slots stay invisible. */
const MAX_SLOTS = 16;

/** Milliseconds in which a pcscd must come up or go down. */
const DEADLINE = 60_000;

/** What pcscd writes down: `apdus` adds every APDU to the errors, `all` everything it knows of readers and cards. */
export type PcscdVerbosity = 'errors' | 'apdus' | 'all' | 'all in colour';

/** pcscd(8). */
const VERBOSITY: Readonly<Record<PcscdVerbosity, string>> = {
  errors: '--error',
  apdus: '--error --apdu',
  all: '--debug --apdu',
  'all in colour': '--debug --apdu --color',
};

/** One slot of a private pcscd: whoever connects to the port is the card in the reader of this name. */
export interface VpcdSlot {
  readonly readerName: string;
  readonly port: number;
}

/** What a suite that starts a {@link PrivatePcscd} needs. */
export function pcscdRequirement(): Requirement {
  return requirements(
    requirement('Linux', process.platform === 'linux', 'run this suite on Linux'),
    commandRequirement('pcscd', 'pcscd'),
    commandRequirement('unshare', 'util-linux'),
    requirement('the vpcd driver', existsSync(VPCD_DRIVER), 'apt install vsmartcard-vpcd'),
  );
}

/**
 * A PC/SC service of this test file's own, in a mount namespace, so that files run side by side and no reader of
 * the machine is touched. It ends with the process that started it, however that ends. Programs reach it
 * through {@link environment}; the client library reads the variable once, at its first call in a process.
 */
export class PrivatePcscd implements AsyncDisposable {
  /** The slots, always an even number: one vpcd driver entry makes two. Ports stay over restarts. */
  readonly slots: readonly VpcdSlot[];
  /** For `spawn` and `process.env`: points PC/SC clients at this service. */
  readonly environment: { readonly PCSCLITE_CSOCK_NAME: string };
  readonly #folder: string;
  readonly #preload: string | undefined;
  readonly #verbosity: PcscdVerbosity;
  #process: ChildProcess | undefined;
  #log = '';
  readonly #removeAtExit = () => {
    this.#process?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  constructor(
    folder: string,
    slots: readonly VpcdSlot[],
    preload: string | undefined,
    verbosity: PcscdVerbosity = 'errors',
  ) {
    this.#folder = folder;
    this.slots = slots;
    this.#preload = preload;
    this.#verbosity = verbosity;
    this.environment = { PCSCLITE_CSOCK_NAME: join(folder, 'run', 'pcscd.comm') };
    process.once('exit', this.#removeAtExit);
  }

  /** Process id of the running pcscd, undefined while it is down. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** What pcscd printed: errors only, unless it was started to say more. */
  get log(): string {
    return this.#log;
  }

  /** Starts the service and waits until it takes connections and all slots listen. */
  async start(): Promise<void> {
    if (this.#process) throw new Error('this pcscd is already running');
    const runFolder = join(this.#folder, 'run');
    await rm(runFolder, { recursive: true, force: true });
    await mkdir(runFolder);
    // The server's socket path is fixed at its build. /run may lack the folder: then an empty /run stands in.
    const script = `
      test -d /run/pcscd || { mount -t tmpfs tmpfs /run && mkdir /run/pcscd; } || exit 1
      mount --bind "$1" /run/pcscd || exit 1
      ${this.#preload ? `export LD_PRELOAD='${this.#preload}'` : ''}
      exec setpriv --pdeathsig KILL pcscd --foreground ${VERBOSITY[this.#verbosity]} --config "$2"`;
    const namespaces = process.getuid?.() === 0 ? '-m' : '-rm';
    const child = spawn(
      'unshare',
      [namespaces, 'sh', '-c', script, 'sh', runFolder, join(this.#folder, 'conf')],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#process = child;
    child.on('error', (error) => {
      this.#log += `${error.message}\n`;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#log += chunk.toString();
      });
    }
    child.once('exit', () => {
      if (this.#process === child) this.#process = undefined;
    });
    await this.#untilReady();
  }

  /** Ends the service as an administrator would (SIGTERM). Clients get errors, the socket disappears. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends the service as a crash would (SIGKILL): the socket stays behind, and nobody answers on it. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** {@link stop} and {@link start}. Cards must be plugged in again: their connections ended with the service. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Freezes (SIGSTOP) or thaws (SIGCONT) the service: it then keeps connections and answers nothing. */
  freeze(frozen: boolean): void {
    this.#process?.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Ends the service and removes its files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    process.removeListener('exit', this.#removeAtExit);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE);
    await ended;
    clearTimeout(timer);
  }

  async #untilReady(): Promise<void> {
    const deadline = performance.now() + DEADLINE;
    while (!(await this.#isReady())) {
      const child = this.#process;
      if (!child || performance.now() > deadline) {
        await this.kill();
        throw new Error(`pcscd did not come up: ${this.#log || 'it printed nothing'}`);
      }
      await delay(20);
    }
  }

  async #isReady(): Promise<boolean> {
    const listening = await Promise.all(this.slots.map(({ port }) => this.#isListening(port)));
    return listening.every(Boolean) && (await answers(this.environment.PCSCLITE_CSOCK_NAME));
  }

  /** @throws {Error} when it is another program that listens: a card of ours would end up in its reader. */
  async #isListening(port: number): Promise<boolean> {
    const listeners = await listenersOn(port);
    const pid = this.#process?.pid;
    if (listeners.length === 0 || pid === undefined) return false;
    // This process holds the ports of readers that are unplugged.
    const ours = await Promise.all([socketsOf(pid), socketsOf(process.pid)]);
    const isOurs = listeners.some((socket) => ours.some((sockets) => sockets?.has(socket) ?? true));
    if (!isOurs) throw new Error(`another program listens on port ${port}`);
    return true;
  }
}

export interface PrivatePcscdOptions {
  /** How many reader slots the service shall have; rounded up to an even number, 0 to 16. Two without it. */
  readonly slots?: number;
  /** What goes to {@link PrivatePcscd.log}: `errors` without it. APDUs hold PINs: invented cards only. */
  readonly verbosity?: PcscdVerbosity;
}

/**
 * Starts a private pcscd on free ports.
 *
 * @throws {Error} with pcscd's own words when it does not come up, for instance because the machine forbids
 *   mount namespaces to this user.
 */
export async function startPrivatePcscd(options: PrivatePcscdOptions = {}): Promise<PrivatePcscd> {
  const pairs = Math.ceil((options.slots ?? 2) / 2);
  if (pairs * 2 > MAX_SLOTS) throw new RangeError(`pcscd shows at most ${MAX_SLOTS} slots`);
  await removeAbandonedFolders();
  for (let attempt = 1; ; attempt++) {
    const ports = pairs === 0 ? [] : await findFreePorts(pairs * 2);
    const folder = await makePcscdFolder();
    await writeFile(join(folder, 'conf', 'readers'), await configuration(ports, folder));
    const slots = ports.map((port, index) => ({ port, readerName: readerName(index) }));
    const pcscd = new PrivatePcscd(folder, slots, await compileNoDelayPreload(folder), options.verbosity);
    try {
      await pcscd.start();
      return pcscd;
    } catch (error) {
      await pcscd[Symbol.asyncDispose]();
      // Another process may have taken a port between our look and pcscd's bind; new ports are tried.
      if (attempt === 3) throw error;
    }
  }
}

/** Entry names end in a letter, so that names stay apart and in order: "Virtual PCD A 00 00", "… A 00 01", "… B". */
function readerName(slot: number): string {
  const entry = Math.floor(slot / 2);
  return `${entryName(entry)} 00 0${slot % 2}`;
}

function entryName(entry: number): string {
  return `Virtual PCD ${String.fromCharCode(0x41 + entry)}`;
}

/**
 * reader.conf(5): each entry makes two slots, on its port and the next. The driver keeps its slots in a table of
 * its own, numbered within an entry, so that entries would share them: each entry loads a copy of it.
 */
async function configuration(ports: readonly number[], folder: string): Promise<string> {
  const entries = ports.filter((_, index) => index % 2 === 0);
  const blocks = entries.map(async (port, entry) => {
    const driver = join(folder, `vpcd-${entry}.so`);
    await copyFile(VPCD_DRIVER, driver);
    return `FRIENDLYNAME "${entryName(entry)}"\nDEVICENAME /dev/null:${port}\nLIBPATH ${driver}\nCHANNELID ${port}\n`;
  });
  return (await Promise.all(blocks)).join('\n');
}

/** Whether a unix socket takes a connection. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
