import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { pause, type ServiceQuestion } from './deadline.ts';

/** Most milliseconds to wait for other threads: those of the program itself may work on and on. */
const PATIENCE = 3_000;

/** Milliseconds between two looks. */
const LOOK_DELAY = 1;

/** Milliseconds to wait where threads cannot be looked at. */
const BLIND_WAIT = 50;

/**
 * Questions of ours. A thread asks two between its waits, for the names of readers and for their states, and a busy service
 * can answer a later one of ours first: with two, one end of 950 was still blocked, with five none of 920.
 */
const QUESTIONS = 5;

/** When {@link threadsAtRest} gives up, for several calls together. */
export function patience(): number {
  return performance.now() + PATIENCE;
}

/**
 * Waits until every other thread of this process sleeps, and none of them for an answer of pcscd.
 *
 * The addons (pcsclite 1.0.1, pcsc-mini 0.1.3) end a thread that waits for news of the service by SCardCancel, and then wait
 * for its end while the process stands still. A cancellation that meets the thread on its way to the next wait finds
 * nothing to cancel (pcsc-lite 1.9.9, winscard_clnt.c, SCardCancel): then that is for ever.
 *
 * @param deadline `performance.now()` at which it gives up.
 */
export async function threadsAtRest(deadline: number = patience()): Promise<void> {
  for (;;) {
    const busy = otherThreadsBusy();
    if (busy === undefined) return pause(BLIND_WAIT);
    if (!busy || performance.now() > deadline) return;
    await pause(LOOK_DELAY);
  }
}

/**
 * Until the threads have dealt with what they are being told, such as the end of our own connection, and wait again: their
 * questions are answered before our later ones.
 *
 * @param ask asks the service for a sign of life.
 * @param deadline `performance.now()` at which it gives up.
 * @throws what `ask` throws
 */
export async function threadsWaiting(ask: ServiceQuestion, deadline: number = patience()): Promise<void> {
  for (let question = 0; question < QUESTIONS; question++) {
    await threadsAtRest(deadline);
    await ask();
  }
  await threadsAtRest(deadline);
}

/** Whether a thread other than this one and the main one is busy; undefined where there is no list of them (proc(5)). */
function otherThreadsBusy(): boolean | undefined {
  try {
    const [, own] = /\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self')) ?? [];
    const others = readdirSync('/proc/self/task').filter((id) => id !== own && Number(id) !== process.pid);
    return others.some((id) => isRunning(id) || isAsking(id));
  } catch {
    return undefined;
  }
}

/** Whether the thread runs or is ready to: state R (proc(5), stat). */
function isRunning(threadId: string): boolean {
  const stat = ofThread(threadId, 'stat');
  // The name in parentheses may hold anything; the state follows the last one.
  return stat?.charAt(stat.lastIndexOf(')') + 2) === 'R';
}

/** What a thread sleeps in: number of the system call, and its third argument (proc(5), syscall). */
const SLEEPING_IN = /^(\d+) \S+ \S+ 0x([0-9a-f]+)/;

/** poll(2) without a time limit, by architecture: number of the call and limit as it is there. */
const ENDLESS_POLL: Readonly<Partial<Record<NodeJS.Architecture, readonly [call: string, limit: RegExp]>>> = {
  x64: ['7', /^f{8}(f{8})?$/],
  // ppoll(2), without a pointer to a time.
  arm64: ['73', /^0$/],
};

/**
 * Whether the thread waits for an answer of pcscd: libpcsclite polls without a limit then, and with one when it waits for
 * news (winscard_msg.c, MessageReceive and MessageReceiveTimeout).
 */
function isAsking(threadId: string): boolean {
  const [endlessCall, endless] = ENDLESS_POLL[process.arch] ?? [];
  const [, call, limit = ''] = SLEEPING_IN.exec(ofThread(threadId, 'syscall') ?? '') ?? [];
  return call !== undefined && call === endlessCall && endless?.test(limit) === true;
}

/** A file of a thread; undefined when it has ended meanwhile, or may not be read. */
function ofThread(threadId: string, file: 'stat' | 'syscall'): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${threadId}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}
