import { codeOf } from '../error-code.ts';
import { CliError } from '../errors.ts';
import type { CommonOptions } from '../options.ts';
import type { Program } from '../program.ts';
import type { OpenedCard } from './open-card.ts';
import { withCard } from './with-card.ts';

/**
 * Opens the card of a command as {@link withCard} does, does the work and closes it.
 *
 * @throws ERR_CARD_KIND instead of what went wrong when the card turns out to be one that cannot do it (an old 住基カード,
 * an iPhone, of which too little is known, a phone asked for what is on the card); what {@link withCard} throws.
 */
export async function useCard<T>(
  program: Program,
  common: Pick<CommonOptions, 'card' | 'trace'>,
  signal: AbortSignal,
  work: (opened: OpenedCard) => Promise<T>,
): Promise<T> {
  return withCard(program, common, signal, (opened) =>
    work(opened).catch(async (error: unknown) => {
      throw await kindErrorFrom(error, opened);
    }),
  );
}

/** What such a card lacks looks like this; only then is it worth asking what the card is. */
const SUSPICIOUS: readonly unknown[] = [
  'ERR_CARD_STATUS_WORD',
  'ERR_CERTIFICATE_ABSENT',
  'ERR_CARD_DATA_INVALID',
  'ERR_APPLICATION_NOT_FOUND',
  'ERR_PIN_ABSENT',
];

async function kindErrorFrom(error: unknown, { application }: OpenedCard): Promise<unknown> {
  const code = codeOf(error);
  if (!SUSPICIOUS.includes(code)) return error;
  const token = await application.token().catch(() => undefined);
  if (token?.kind === 'phone-android' && code !== 'ERR_APPLICATION_NOT_FOUND') return error;
  const cannot: readonly unknown[] = ['juki-card', 'phone-iphone', 'phone-android'];
  if (token === undefined || !cannot.includes(token.kind)) return error;
  // Too little is known of an iPhone; of every phone it is known that it has no 券面.
  const isFace = code === 'ERR_APPLICATION_NOT_FOUND' && token.kind !== 'juki-card';
  const subject = isFace ? 'phone' : token.kind;
  return new CliError('ERR_CARD_KIND', 'insert-card', { subject }, error);
}
