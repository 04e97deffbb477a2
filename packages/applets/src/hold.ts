import { type Card, type CardSession, StatusWordError, Sw } from '@jpki/iso7816';
import { ApplicationNotFoundError } from './errors.ts';

/** What every call on the card takes. */
export interface CallOptions {
  /** Aborts between two commands; a command that was sent is always waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** One hold of the card with an application selected. */
export type Hold = <T>(work: (session: CardSession) => Promise<T>, options: CallOptions) => Promise<T>;

/** An application of the card: its AID and its official Japanese name. */
export interface ApplicationId {
  readonly aid: Uint8Array;
  readonly name: string;
}

/** Holds of this card, each beginning with SELECT of the application. */
export function holdApplication(card: Card, application: ApplicationId): Hold {
  return (work, { signal }) =>
    card.exclusive(
      async (session) => {
        await selectApplication(session, application);
        return work(session);
      },
      { signal },
    );
}

/**
 * First bytes of the status words by which a card refuses a SELECT by AID for what it is and not for its state: wrong
 * length, class not supported, wrong parameters (6A82, "not found", among them), wrong instruction (ISO/IEC 7816-4, 5.6).
 * Cards of other kinds use all of them; a transit card through its reader, too.
 */
const REFUSALS: ReadonlySet<number> = new Set([0x67, 0x68, 0x6a, 0x6b, 0x6d, 0x6e]);

/** SELECT by AID. @throws {ApplicationNotFoundError} when the card has no such application, or no applications at all. */
export async function selectApplication(session: CardSession, { aid, name }: ApplicationId): Promise<void> {
  try {
    await session.selectDf(aid);
  } catch (error) {
    if (error instanceof StatusWordError && REFUSALS.has(error.sw >> 8))
      throw new ApplicationNotFoundError(error, name);
    throw error;
  }
}

/** Whether the card said that it has no such application or no such file. */
export function isAbsent(error: unknown): boolean {
  if (error instanceof ApplicationNotFoundError) return true;
  return error instanceof StatusWordError && error.sw === Sw.FILE_NOT_FOUND;
}
