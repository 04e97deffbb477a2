import { type Card, type CardSession, StatusWordError, Sw } from '@jpki/iso7816';
import { ApplicationNotFoundError } from '../errors.ts';
import { JPKI_AID } from './layout.ts';

/** What every call on the card takes. */
export interface CallOptions {
  /** Aborts between two commands; a command that was sent is always waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** One hold of the card with the JPKI application selected. */
export type Hold = <T>(work: (session: CardSession) => Promise<T>, options: CallOptions) => Promise<T>;

/** Holds of this card, each beginning with SELECT of the application. */
export function holdJpki(card: Card): Hold {
  return (work, { signal }) =>
    card.exclusive(
      async (session) => {
        await selectJpki(session);
        return work(session);
      },
      { signal },
    );
}

async function selectJpki(session: CardSession): Promise<void> {
  try {
    await session.selectDf(JPKI_AID);
  } catch (error) {
    if (error instanceof StatusWordError && error.sw === Sw.FILE_NOT_FOUND)
      throw new ApplicationNotFoundError(error);
    throw error;
  }
}
