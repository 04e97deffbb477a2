import type { JpkiApplication } from '@jpki/applets/jpki';
import type { ConnectOptions } from '@jpki/pcsc';
import { codeOf } from '../error-code.ts';
import { CliError } from '../errors.ts';
import { cardIdentity } from './card-identity.ts';
import { gentleConnection, LOOK } from './gentle-connection.ts';
import { readersNamed } from './reader-name.ts';

interface Reader {
  readonly name: string;
  readonly cardPresent: boolean;
}

interface Candidate extends AsyncDisposable {
  readonly application: JpkiApplication;
}

type Connect<T> = (reader: string, options?: ConnectOptions) => Promise<T>;

/** What `--card pcsc:...` says of the card that is meant. */
export interface WantedCard {
  /** The reader's name, or a part of it. */
  readonly reader: string | undefined;
  /** First digits of {@link cardIdentity}. */
  readonly identity: string | undefined;
}

/**
 * Connects to the card that is meant. The others are left as they were found.
 *
 * @throws {CliError} ERR_PCSC_NO_READER, ERR_PCSC_NO_CARD, ERR_CARD_NOT_FOUND, ERR_CARD_AMBIGUOUS; what `connect` throws.
 */
export async function chooseCard<T extends Candidate>(
  readers: readonly Reader[],
  { reader, identity }: WantedCard,
  connect: Connect<T>,
  signal: AbortSignal,
): Promise<T> {
  const names = readersWithCard(readers, reader);
  return identity === undefined
    ? firstOfOurs(names, connect, signal)
    : identified(names, identity, connect, signal);
}

function readersWithCard(readers: readonly Reader[], text: string | undefined): string[] {
  const named = readersNamed(readers, text);
  if (named.length === 0) throw new CliError('ERR_PCSC_NO_READER', 'connect-reader', { subject: text ?? '' });
  const present = named.filter(({ cardPresent }) => cardPresent);
  if (present.length === 0) throw new CliError('ERR_PCSC_NO_CARD', 'insert-card');
  return present.map(({ name }) => name);
}

/**
 * The first reader whose card has the JPKI application. A single card is not asked: the command finds out with its
 * first SELECT, and every APDU is time that a person waits.
 *
 * @throws what was wrong with the first card when none is ours.
 */
async function firstOfOurs<T extends Candidate>(
  readers: readonly string[],
  connect: Connect<T>,
  signal: AbortSignal,
): Promise<T> {
  const [only, ...others] = readers;
  if (only !== undefined && others.length === 0) return connect(only);
  const failures: unknown[] = [];
  for (const reader of readers) {
    let card: T | undefined;
    try {
      card = await connect(reader, LOOK);
      await card.application.token({ signal });
      return await connectAnew(card, reader, connect);
    } catch (error) {
      await card?.[Symbol.asyncDispose]();
      signal.throwIfAborted();
      failures.push(error);
    }
  }
  throw failures[0];
}

/** The one card of this identity. All readers are asked at once; one that fails keeps the others from nothing. */
async function identified<T extends Candidate>(
  readers: readonly string[],
  identity: string,
  connect: Connect<T>,
  signal: AbortSignal,
): Promise<T> {
  const looks = await Promise.all(readers.map((reader) => look(reader, identity, connect, signal)));
  const found = looks.flatMap(({ card }) => card ?? []);
  const [card, ...others] = found;
  if (card !== undefined && others.length === 0 && !signal.aborted) return card;
  await Promise.all(found.map((each) => each[Symbol.asyncDispose]()));
  signal.throwIfAborted();
  if (others.length > 0) throw new CliError('ERR_CARD_AMBIGUOUS', 'correct-command', { subject: identity });
  const unread = readers.filter((_, at) => looks[at]?.failed);
  throw new CliError('ERR_CARD_NOT_FOUND', 'insert-card', { subject: identity, reason: unread.join(', ') });
}

/** The card of a reader that was looked at, without the limits of a look. Closing twice does nothing. */
async function connectAnew<T extends Candidate>(card: T, reader: string, connect: Connect<T>): Promise<T> {
  await card[Symbol.asyncDispose]();
  return connect(reader);
}

/** The card, if it is the one; `failed` where the reader or the card kept us from knowing. */
async function look<T extends Candidate>(
  reader: string,
  identity: string,
  connect: Connect<T>,
  signal: AbortSignal,
): Promise<{ readonly card?: T; readonly failed: boolean }> {
  let card: T | undefined;
  try {
    card = await connect(reader, gentleConnection(reader));
    const found = await cardIdentity(card.application, signal);
    if (found?.startsWith(identity)) return { card: await connectAnew(card, reader, connect), failed: false };
    await card[Symbol.asyncDispose]();
    return { failed: false };
  } catch (error) {
    await card?.[Symbol.asyncDispose]();
    return { failed: !isOtherCard(error) };
  }
}

function isOtherCard(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ERR_APPLICATION_NOT_FOUND' || code === 'ERR_CARD_STATUS_WORD';
}
