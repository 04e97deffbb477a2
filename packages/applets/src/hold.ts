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

/** SELECT by AID. @throws {ApplicationNotFoundError} when the card has no such application. */
export async function selectApplication(session: CardSession, { aid, name }: ApplicationId): Promise<void> {
  try {
    await session.selectDf(aid);
  } catch (error) {
    if (error instanceof StatusWordError && error.sw === Sw.FILE_NOT_FOUND)
      throw new ApplicationNotFoundError(error, name);
    throw error;
  }
}

/** Whether the card said that it has no such application or no such file. */
export function isAbsent(error: unknown): boolean {
  if (error instanceof ApplicationNotFoundError) return true;
  return error instanceof StatusWordError && error.sw === Sw.FILE_NOT_FOUND;
}
