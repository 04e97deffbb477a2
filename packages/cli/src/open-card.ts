import { JpkiApplication } from '@jpki/applets/jpki';
import { Card, type CardChannel } from '@jpki/iso7816';
import type { Persona } from '@jpki/simulator';
import { parseCardUri } from './card-uri.ts';
import { CliError, UsageError } from './errors.ts';

/** A card, and where it is. */
export interface OpenedCard extends AsyncDisposable {
  /** For the other applications. */
  readonly card: Card;
  readonly application: JpkiApplication;
  /** Name of the PC/SC reader, or the virtual card's URI. */
  readonly reader: string;
  readonly atr: Uint8Array;
  /** The virtual card's persona, for its public PINs; absent for real cards. */
  readonly persona: Persona | undefined;
}

/**
 * Opens the card that `--card` names. The only place that chooses a world: nothing above it knows whether the card
 * is real.
 *
 * @throws {UsageError} for a URI that is none; errors with codes ERR_PCSC_*, ERR_SIM_*, ERR_APPLICATION_NOT_FOUND.
 */
export async function openCard(uri: string, signal: AbortSignal): Promise<OpenedCard> {
  const parsed = parseCardUri(uri);
  if (parsed.world === 'sim') return openVirtual(parsed.persona, parsed.stateFile);
  return openReal(parsed.reader, signal);
}

async function openVirtual(name: string, stateFile: string | undefined): Promise<OpenedCard> {
  const { openSimulatorPki, openVirtualCard, personas } = await import('@jpki/simulator');
  const persona = personas.find((candidate) => candidate.name === name);
  if (persona === undefined) {
    throw new UsageError(`--card sim:${name} (${personas.map((each) => each.name).join(', ')})`);
  }
  const channel = await openVirtualCard({
    persona: persona.name,
    pki: await openSimulatorPki(),
    ...(stateFile !== undefined && { stateFile }),
  });
  return opened(channel, `sim:${name}`, persona);
}

function opened(channel: CardChannel, reader: string, persona?: Persona): OpenedCard {
  const card = new Card(channel);
  return {
    card,
    application: new JpkiApplication(card),
    reader,
    atr: card.atr,
    persona,
    [Symbol.asyncDispose]: () => card[Symbol.asyncDispose](),
  };
}

async function openReal(text: string | undefined, signal: AbortSignal): Promise<OpenedCard> {
  const { openPcsc } = await import('@jpki/pcsc');
  const pcsc = await openPcsc({ signal });
  try {
    const readers = await pcsc.readers({ signal });
    const connect = async (name: string) => opened(await pcsc.connect(name, { signal }), name);
    const card = await chooseReader(readersWithCard(readers, text), connect, signal);
    return { ...card, [Symbol.asyncDispose]: () => closeBoth(card, pcsc) };
  } catch (error) {
    await pcsc.close();
    throw error;
  }
}

interface Reader {
  readonly name: string;
  readonly cardPresent: boolean;
}

function readersWithCard(readers: readonly Reader[], text: string | undefined): string[] {
  const named = readers.filter(({ name }) => text === undefined || name.includes(text));
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
async function chooseReader(
  readers: readonly string[],
  connect: (reader: string) => Promise<OpenedCard>,
  signal: AbortSignal,
): Promise<OpenedCard> {
  const [only, ...others] = readers;
  if (only !== undefined && others.length === 0) return connect(only);
  const failures: unknown[] = [];
  for (const reader of readers) {
    let card: OpenedCard | undefined;
    try {
      card = await connect(reader);
      await card.application.token({ signal });
      return card;
    } catch (error) {
      await card?.[Symbol.asyncDispose]();
      signal.throwIfAborted();
      failures.push(error);
    }
  }
  throw failures[0];
}

async function closeBoth(card: AsyncDisposable, pcsc: { close(): Promise<void> }): Promise<void> {
  try {
    await card[Symbol.asyncDispose]();
  } finally {
    await pcsc.close();
  }
}
