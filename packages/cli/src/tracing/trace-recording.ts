import { JpkiApplication } from '@jpki/applets/jpki';
import type { SignatureRequest } from '@jpki/core/cms';
import { Card } from '@jpki/iso7816';
import {
  formatEntry,
  formatHeader,
  type Holder,
  type Recorder,
  recorder,
  type TraceHeader,
  traceReader,
} from '@jpki/trace';
import type { ExchangeRecording, OpenedCard } from '../card/open-card.ts';
import type { TraceTexts } from '../locales/trace-texts.ts';
import { packageVersion } from '../package-version.ts';
import { PERSON_IS_ASKED } from './replayed-card.ts';
import type { StandIn } from './stand-in.ts';
import { TraceFile } from './trace-file.ts';
import type { TraceRequest } from './trace-request.ts';

/** The recording of one command with one card: begun before the card is touched, ended when it is let go. */
export class TraceRecording implements ExchangeRecording, AsyncDisposable {
  readonly #request: TraceRequest;
  readonly #file: TraceFile;
  readonly #standIn: StandIn | undefined;
  readonly #holder: Holder;
  #recorder: Recorder | undefined;

  private constructor(request: TraceRequest, file: TraceFile, holder: Holder, standIn: StandIn | undefined) {
    this.#request = request;
    this.#file = file;
    this.#holder = holder;
    this.#standIn = standIn;
  }

  /**
   * Makes the file and, for `--synthesize` of a person's card, the card that stands in.
   *
   * @throws {FileError} ERR_FILE_EXISTS, ERR_FILE_WRITE; errors with codes ERR_SIM_*.
   */
  static async begin(request: TraceRequest, holder: Holder): Promise<TraceRecording> {
    const file = TraceFile.create(request.path, request);
    try {
      const isReplaced = request.synthesize && holder === 'person';
      const standIn = isReplaced ? await (await import('./stand-in.ts')).StandIn.open() : undefined;
      return new TraceRecording(request, file, holder, standIn);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The card, recorded from here on. Only what this returns is used any more; closing it closes the card too. */
  of(opened: OpenedCard): OpenedCard {
    const synthesize = this.#standIn && { equivalent: this.#standIn.equivalent };
    const recording = recorder((entry) => this.#file.write(formatEntry(entry)), {
      holder: this.#holder,
      ...(synthesize && { synthesize }),
    });
    this.#recorder = recording;
    this.#file.write(`${formatHeader(this.#header(opened))}\n`);
    const channel = recording.layer(opened.channel);
    const card = new Card(channel);
    const { pinPad } = opened;
    return {
      ...opened,
      ...(pinPad && { pinPad: async (display) => recording.pinPad(await pinPad(display)) }),
      card,
      channel,
      application: new JpkiApplication(card),
      recording: this,
      restart: async () => recording.layer(await opened.restart()),
      [Symbol.asyncDispose]: async () => {
        try {
          await card[Symbol.asyncDispose]();
        } finally {
          await opened[Symbol.asyncDispose]();
        }
      },
    };
  }

  /** Tells what is about to be signed: see {@link StandIn.expectSignature}. */
  expectSignature(key: 'sign' | 'auth', request: SignatureRequest): void {
    this.#standIn?.expectSignature(key, request);
  }

  /** Notes that a person is asked for a PIN: the card is let go meanwhile, which a replay has to do as well. */
  personIsAsked(): void {
    this.#recorder?.note(PERSON_IS_ASKED);
  }

  #header({ atr, protocol, reader, persona }: OpenedCard): TraceHeader {
    const name = traceReader(reader);
    const replaced = this.#standIn ? ", the holder's data replaced by those of a virtual card" : '';
    return {
      title: this.#request.title,
      ...(atr.length > 0 && { atr }),
      ...(protocol && { protocol }),
      ...(name !== undefined && { reader: name }),
      software: `jpki ${packageVersion()}`,
      ...(persona && { card: `virtual card (${persona.name})` }),
      holder: this.#holder,
      source: persona ? 'a virtual card of this project' : 'a card in a reader',
      obtained: `recorded${replaced}`,
      recorded: new Date(),
    };
  }

  /**
   * Ends the trace. What went wrong with it never costs the result of the command.
   *
   * @returns what to tell the person, and whether the trace is whole; `undefined` when no card was found to be recorded.
   */
  async end(texts: TraceTexts): Promise<{ readonly text: string; readonly whole: boolean } | undefined> {
    const { path } = this.#request;
    const recording = this.#recorder;
    recording?.end();
    let failure = recording?.failure;
    try {
      await this[Symbol.asyncDispose]();
    } catch (error) {
      failure ??= { error };
    }
    if (failure !== undefined) return { text: texts.incomplete(path, reasonOf(failure.error)), whole: false };
    if (recording === undefined) return undefined;
    return { text: texts.written[this.#standIn ? 'synthesized' : this.#holder](path), whole: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#standIn?.[Symbol.asyncDispose]();
    } finally {
      this.#file.close();
    }
  }
}

function reasonOf(error: unknown): string {
  const facts = error instanceof Error && 'facts' in error ? error.facts : undefined;
  const reason = typeof facts === 'object' && facts !== null && 'reason' in facts ? facts.reason : undefined;
  return typeof reason === 'string' && reason !== '' ? reason : String(error);
}
