import { CliError } from './errors.ts';
import { type OpenedCard, openCard } from './open-card.ts';

/**
 * Opens the card that `uri` names, does the work and closes it, whatever happens.
 *
 * @throws ERR_CARD_KIND instead of what went wrong when the card turns out to be an old 住基カード; whatever `work` throws.
 */
export async function useCard<T>(
  uri: string,
  signal: AbortSignal,
  work: (opened: OpenedCard) => Promise<T>,
): Promise<T> {
  const opened = await openCard(uri, signal);
  try {
    return await work(opened);
  } catch (error) {
    throw (await isResidentCard(error, opened)) ? new CliError('ERR_CARD_KIND', 'insert-card') : error;
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}

/** What a 住基カード lacks looks like this; only then is it worth asking what the card is. */
const SUSPICIOUS: readonly unknown[] = [
  'ERR_CARD_STATUS_WORD',
  'ERR_CERTIFICATE_ABSENT',
  'ERR_CARD_DATA_INVALID',
];

async function isResidentCard(error: unknown, { application }: OpenedCard): Promise<boolean> {
  if (!(error instanceof Error) || !('code' in error) || !SUSPICIOUS.includes(error.code)) return false;
  const token = await application.token().catch(() => undefined);
  return token?.kind === 'juki-card';
}
