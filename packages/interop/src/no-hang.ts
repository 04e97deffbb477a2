import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds after which a call that waits for no other program and no person hangs (issue: "no hang over 5 s"). */
export const NO_HANG = 5_000;

/** Milliseconds in which Node starts and ends on a machine that has nothing else to do. */
const START_OF_NODE = 50;

/** Most milliseconds that are added to a wait on a machine that has. */
const LONGEST_GRACE = 60_000;

/**
 * Whether `promise` settles within these milliseconds; on a machine that is slow or busy with other work, within so many
 * times that as it takes longer to start Node. Never rejects.
 */
export async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  if (await orLate(settled, milliseconds)) return true;
  // What is late for the machine's sake may be done by now; half the time again is for a load that has just ended.
  const slowness = Math.max(1, (await startOfNode()) / START_OF_NODE);
  return orLate(settled, Math.min((milliseconds / 2) * slowness, LONGEST_GRACE));
}

/** What `promise` gives. @throws {Error} naming `what` when it does not settle in {@link settlesWithin} so many ms */
export async function soon<T>(what: string, promise: Promise<T>, milliseconds: number = NO_HANG): Promise<T> {
  if (await settlesWithin(promise, milliseconds)) return promise;
  throw new Error(`${what} hung for more than ${milliseconds} ms`);
}

async function orLate(settled: Promise<boolean>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const inTime = await Promise.race([settled, late]);
  clearTimeout(timer);
  return inTime;
}

async function startOfNode(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}
