import { threadsWaiting } from '../addon-threads.ts';
import { pause, type ServiceQuestion } from '../deadline.ts';
import { hasScardCode, SCARD_E_INVALID_HANDLE } from '../scard/scard-numbers.ts';
import type { MiniClient } from './mini-addon.ts';
import { miniFailure } from './mini-failures.ts';

/** How often a thread that cannot be stopped at the moment is tried again, and after how many milliseconds. */
const MAX_STOPS = 60;
const STOP_DELAY = 50;

/**
 * Clients that were started and not stopped. When such a one is collected the addon stops it, and where the service
 * is gone by then it throws in the middle of nowhere, which ends the process: these are never collected.
 */
const watching: Set<MiniClient> = new Set();

/** Keeps a client that was started from being collected. */
export function keep(client: MiniClient): void {
  watching.add(client);
}

/**
 * Until the thread waits for news, so that it can be stopped without blocking the process.
 *
 * @throws what `ask` throws
 */
export async function untilWaiting(ask: ServiceQuestion): Promise<void> {
  await ask();
  if (process.platform === 'linux') await threadsWaiting(ask);
}

/**
 * Stops a client's thread; one whose service is gone throws, and its thread has ended already. One that is just being told
 * of a change cannot be cancelled: pcscd (1.9.9, winscard_svc.c, SCARD_CANCEL) calls its handle invalid, and the thread
 * would watch on and keep the process alive for ever. So it is stopped once it waits again.
 */
export async function stopWatching(client: MiniClient | undefined): Promise<void> {
  if (!client) return;
  for (let attempt = 1; attempt <= MAX_STOPS; attempt++) {
    try {
      client.stop();
      watching.delete(client);
      return;
    } catch (error) {
      const failure = miniFailure(error, 'SCardCancel');
      if (!hasScardCode(failure, SCARD_E_INVALID_HANDLE)) return;
      await pause(STOP_DELAY);
    }
  }
}
