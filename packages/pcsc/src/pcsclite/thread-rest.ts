import { readdirSync, readFileSync } from 'node:fs';
import { pause } from '../deadline.ts';

/** Most milliseconds to wait for other threads: those of the program itself may work on and on. */
const PATIENCE = 250;

/** Milliseconds to wait where threads cannot be looked at. */
const BLIND_WAIT = 50;

/**
 * Waits until no other thread of this process is running or ready to run, as far as the system tells.
 *
 * The addon (pcsclite 1.0.1) loses the end of a reader's thread when `close` meets it in the few instructions
 * between its report and its next wait: the process then never ends. A thread that was pushed off the processor
 * just there is ready to run; one that waits for the service sleeps, and can be closed.
 */
export async function threadsAtRest(): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const running = otherThreadsRunning();
    if (running === undefined) return pause(BLIND_WAIT);
    if (running === 0 || performance.now() > deadline) return;
    await pause(1);
  }
}

/** Number of other threads in state R (proc(5), stat); undefined where there is no such list. */
function otherThreadsRunning(): number | undefined {
  try {
    return readdirSync('/proc/self/task').filter((id) => Number(id) !== process.pid && isRunning(id)).length;
  } catch {
    return undefined;
  }
}

function isRunning(threadId: string): boolean {
  try {
    const stat = readFileSync(`/proc/self/task/${threadId}/stat`, 'latin1');
    // The name in parentheses may hold anything; the state follows the last one.
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'R';
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
