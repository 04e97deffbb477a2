import type { CardSession } from '@jpki/iso7816';
import type { Hold } from './hold.ts';
import { lockedAfter } from './lock.ts';
import { assertTriesAllow, type PinLocation, readTriesLeft, verifyPin } from './pin-gate.ts';
import { isPad, obtainEntry, type PinSource, type UnlockOptions, warnLockFailed } from './pin-source.ts';

/** What is to be unlocked, and how. */
export interface Unlock {
  readonly hold: Hold;
  readonly location: PinLocation;
  readonly source: PinSource;
  /** Looks, before a PIN is asked for or sent, whether there is anything to unlock. */
  readonly assertUseful?: (session: CardSession) => Promise<void>;
}

/**
 * Gets a PIN, verifies it once in a hold of the card, runs `work` and leaves the card locked, however `work` ends. The
 * person is asked in between two holds; the second one stops when the counter is not the one they were shown. On a keypad
 * they type within the one hold that there is then.
 */
export async function unlocked<T>(
  { hold, location, source, assertUseful }: Unlock,
  options: UnlockOptions,
  work: (session: CardSession) => Promise<T>,
): Promise<T> {
  const { reference } = location;
  const { onLockFailed = warnLockFailed, signal } = options;
  const { pin, shown } = await obtainEntry(reference, source, options, () =>
    hold(
      async (session) => {
        await assertUseful?.(session);
        const tries = await readTriesLeft(session, location);
        assertTriesAllow(reference, tries, options);
        return tries;
      },
      { signal },
    ),
  );
  try {
    return await hold(
      async (session) => {
        if (shown === undefined) await assertUseful?.(session);
        return lockedAfter(session, onLockFailed, async () => {
          await verifyPin(session, location, pin, { ...options, shown });
          return work(session);
        });
      },
      { signal },
    );
  } finally {
    if (!isPad(pin)) pin[Symbol.dispose]();
  }
}
