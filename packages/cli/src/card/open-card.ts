import { JpkiApplication } from '@jpki/applets/jpki';
import type { SignatureRequest } from '@jpki/core/cms';
import { Card, type CardChannel, type PinPad } from '@jpki/iso7816';
import type { ConnectOptions, PcscChannel, PinPadDisplay } from '@jpki/pcsc';
import type { Persona } from '@jpki/simulator';
import { codeOf } from '../error-code.ts';
import { CliError, UsageError } from '../errors.ts';
import type { Language } from '../language.ts';
import type { ReplayedCard } from '../tracing/replayed-card.ts';
import { parseCardUri } from './card-uri.ts';
import { chooseCard } from './reader-choice.ts';

/** What a command tells whoever records its exchange, since no byte on the wire does. */
export interface ExchangeRecording {
  /** A person is asked for a PIN: the card is let go meanwhile. */
  personIsAsked(): void;
  /** This signature is about to be made, with this key. */
  expectSignature(key: 'sign' | 'auth', request: SignatureRequest): void;
}

/** A card, and where it is. */
export interface OpenedCard extends AsyncDisposable {
  /** For the other applications. */
  readonly card: Card;
  readonly application: JpkiApplication;
  /** The bytes under `card`; whoever uses it leaves `card` alone. */
  readonly channel: CardChannel;
  /** Name of the PC/SC reader, or the virtual card's URI. */
  readonly reader: string;
  readonly atr: Uint8Array;
  /** Whether other programs can use the card meanwhile: the reader, or one of them, grants no exclusive use. */
  readonly isShared?: () => boolean;
  /** Absent where the link does not tell. */
  readonly protocol?: 'T=0' | 'T=1' | undefined;
  /** The virtual card's persona, for its public PINs; absent for real cards. */
  readonly persona: Persona | undefined;
  /** The trace that plays the card, where one does. */
  readonly replayed?: ReplayedCard;
  /** Where the exchange is recorded, if it is. */
  readonly recording?: ExchangeRecording;
  /**
   * The keypad of the reader, with what its display says in this language. Absent where there is no real reader.
   *
   * @throws {CliError} ERR_PIN_PAD_ABSENT.
   */
  readonly pinPad?: (display: { readonly language: Language; readonly seconds: number }) => Promise<PinPad>;
  /** Takes the card's power and gives it back. Only the channel that it returns is used from then on. */
  readonly restart: () => Promise<CardChannel>;
}

/**
 * Opens the card that `--card` names. The only place that chooses a world: nothing above it knows whether the card
 * is real.
 *
 * @throws {UsageError} for a URI that is none; errors with codes ERR_PCSC_*, ERR_SIM_*, ERR_APPLICATION_NOT_FOUND,
 * ERR_CARD_NOT_FOUND, ERR_TRACE_FORMAT.
 */
export async function openCard(uri: string, signal: AbortSignal): Promise<OpenedCard> {
  const parsed = parseCardUri(uri);
  if (parsed.world === 'sim') return openVirtual(parsed.persona, parsed.stateFile);
  if (parsed.world === 'trace') return openReplayed(parsed.path, signal);
  return openReal(parsed, signal);
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
  const restart = async () => {
    channel.powerOff();
    channel.powerOn();
    return channel;
  };
  return { ...opened(channel, `sim:${name}`, restart), persona };
}

async function openReplayed(path: string, signal: AbortSignal): Promise<OpenedCard> {
  const { ReplayedCard } = await import('../tracing/replayed-card.ts');
  const replayed = await ReplayedCard.open(path, signal);
  const { channel, trace } = replayed;
  const restart = async () => {
    await channel.recover();
    return channel;
  };
  return { ...opened(channel, trace.header.reader ?? `trace:${path}`, restart), replayed };
}

function opened(
  channel: CardChannel & { readonly protocol?: OpenedCard['protocol'] },
  reader: string,
  restart: OpenedCard['restart'],
): OpenedCard {
  const card = new Card(channel);
  return {
    card,
    application: new JpkiApplication(card),
    channel,
    reader,
    atr: card.atr,
    protocol: channel.protocol,
    persona: undefined,
    restart,
    [Symbol.asyncDispose]: () => card[Symbol.asyncDispose](),
  };
}

async function openReal(
  wanted: { readonly reader: string | undefined; readonly identity: string | undefined },
  signal: AbortSignal,
): Promise<OpenedCard> {
  const { openPcsc } = await import('@jpki/pcsc');
  const pcsc = await openPcsc({ signal });
  const connect = async (name: string, options: ConnectOptions = {}) => {
    let channel = await pcsc.connect(name, { ...options, signal });
    const pinPad: OpenedCard['pinPad'] = (display) => keypadOf(channel, display);
    const restart = async () => {
      try {
        await channel.reset('cold');
      } catch {
        // The card was taken out or the service has gone. What is opened here is closed with the service.
        await channel[Symbol.asyncDispose]();
        channel = await pcsc.connect(name, { signal });
      }
      return channel;
    };
    return { ...opened(channel, name, restart), isShared: () => channel.share === 'shared', pinPad };
  };
  try {
    const card = await chooseCard(await pcsc.readers({ signal }), wanted, connect, signal);
    return { ...card, [Symbol.asyncDispose]: () => closeBoth(card, pcsc) };
  } catch (error) {
    await pcsc.close();
    throw error;
  }
}

async function keypadOf(channel: PcscChannel, display: Partial<PinPadDisplay>): Promise<PinPad> {
  const { pinPad } = await import('@jpki/pcsc');
  try {
    return await pinPad(channel, display);
  } catch (error) {
    if (codeOf(error) !== 'ERR_PCSC_UNSUPPORTED') throw error;
    throw new CliError('ERR_PIN_PAD_ABSENT', 'correct-command', { subject: channel.readerName }, error);
  }
}

async function closeBoth(card: AsyncDisposable, pcsc: { close(): Promise<void> }): Promise<void> {
  try {
    await card[Symbol.asyncDispose]();
  } finally {
    await pcsc.close();
  }
}
