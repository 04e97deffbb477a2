import { pause, type ServiceQuestion } from '../deadline.ts';
import { PcscError } from '../errors.ts';
import { openSession, type ServiceAddress } from './session.ts';
import { socketPath } from './socket-path.ts';

/** Milliseconds between two looks whether a silent service answers again. */
const RECOVERY_DELAY = 1_000;

/**
 * A question to pcscd that blocks nothing: which version it speaks. The addons reach and leave the service on the calling
 * thread or on one of the few of the pool, and wait for its answer for ever, so this goes before. It costs a third of a
 * millisecond.
 *
 * @returns undefined on a system whose PC/SC service is not pcscd.
 */
export function serviceQuestion(): ServiceQuestion | undefined {
  if (process.platform !== 'linux') return undefined;
  return () => {
    // As pcsc-lite's own library finds it.
    const path = socketPath();
    if (asked?.path !== path) asked = { path, minor: undefined };
    return questionTo(asked);
  };
}

/** The service that was asked last. */
let asked: ServiceAddress | undefined;

/**
 * Asks a service whether it answers. Only silence is a failure here: that it is not there, lets nobody in, or speaks a
 * protocol that is not known here, is for whoever comes after to find out.
 */
export async function questionTo(address: ServiceAddress): Promise<void> {
  try {
    (await openSession(address)).connection.close();
  } catch (error) {
    if (error instanceof PcscError && error.code === 'ERR_PCSC_TIMEOUT') throw error;
  }
}

/**
 * Does what would block on a silent service: at once where it answers, else when it answers again.
 *
 * @param question undefined where nothing can be asked, or nothing needs to be.
 * @throws what the question throws; `work` is done all the same, later, and what it throws is lost.
 */
export async function onceAnswering(
  question: ServiceQuestion | undefined,
  work: () => Promise<void>,
): Promise<void> {
  if (question === undefined) return work();
  try {
    await question();
  } catch (error) {
    const later = answersAgain(question).then(work);
    later.catch(() => undefined);
    throw error;
  }
  await work();
}

/** Resolves once a service that was silent answers again. Does not keep the process alive for it. */
export async function answersAgain(question: ServiceQuestion): Promise<void> {
  for (;;) {
    await pause(RECOVERY_DELAY, undefined, { unref: true });
    try {
      return await question();
    } catch {
      // Still frozen.
    }
  }
}
