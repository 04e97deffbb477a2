import type { BindingCard, Disposition, Protocol, ProtocolChoice, ShareMode } from '../binding.ts';
import type { ServiceQuestion } from '../deadline.ts';
import { answersAgain } from '../socket/service-question.ts';
import { failureFrom, type PcscliteReader } from './pcsclite-addon.ts';
import { runPromiseJobs } from './promise-jobs.ts';

// pcsc-lite, pcsclite.h. The addon has them as properties too, but with defaults of its own: always say them.
const SHARE: Readonly<Record<ShareMode, number>> = { exclusive: 1, shared: 2, direct: 3 };
const DISPOSITION: Readonly<Record<Disposition, number>> = { leave: 0, reset: 1, unpower: 2 };
const PROTOCOL: Readonly<Record<ProtocolChoice, number>> = { 'T=0': 1, 'T=1': 2, any: 3 };
/** For a direct connection: with it no protocol is chosen, and no card is needed. */
const PROTOCOL_UNDEFINED = 0;

/**
 * Room for a response: the longest there is (an extended data field and the status word). The addon wants the
 * number beforehand, and an answer that does not fit is lost, which after a VERIFY would cost the counter's news.
 */
const RESPONSE_LENGTH = 65_538;

/** Room for the answer of a reader to a control command: the service passes on no more (pcsclite.h, MAX_BUFFER_SIZE_EXTENDED). */
const CONTROL_RESPONSE_LENGTH = 65_548;

/** How a connection is made. */
export interface PcscliteConnection {
  readonly share: ShareMode;
  readonly protocol: ProtocolChoice;
}

/** What a card has around it. */
export interface PcscliteCircumstances {
  /** Told at the end whether the reader object can make another connection. */
  readonly release: (reusable: boolean) => void;
  readonly question: ServiceQuestion | undefined;
}

/** A card connected through one of the addon's reader objects. */
export class PcscliteCard implements BindingCard {
  readonly #reader: PcscliteReader;
  readonly #protocol: number;
  readonly #circumstances: PcscliteCircumstances;

  private constructor(reader: PcscliteReader, protocol: number, circumstances: PcscliteCircumstances) {
    this.#reader = reader;
    this.#protocol = protocol;
    this.#circumstances = circumstances;
  }

  static async connect(
    reader: PcscliteReader,
    { share, protocol }: PcscliteConnection,
    circumstances: PcscliteCircumstances,
  ): Promise<PcscliteCard> {
    const wanted = share === 'direct' ? PROTOCOL_UNDEFINED : PROTOCOL[protocol];
    const agreed = await call((done) => reader.connect({ share_mode: SHARE[share], protocol: wanted }, done));
    return new PcscliteCard(reader, typeof agreed === 'number' ? agreed : wanted, circumstances);
  }

  get protocol(): Protocol | undefined {
    if (this.#protocol === PROTOCOL['T=0']) return 'T=0';
    return this.#protocol === PROTOCOL['T=1'] ? 'T=1' : undefined;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const bytes = Buffer.from(command.buffer, command.byteOffset, command.length);
    const response = await call((done) =>
      this.#reader.transmit(bytes, RESPONSE_LENGTH, this.#protocol, done),
    );
    return plainBytes(response);
  }

  async control(code: number, input: Uint8Array): Promise<Uint8Array> {
    // The addon hands the thread a bare pointer into this buffer and holds no reference to it: it must neither move
    // (hence not pooled, and a copy) nor be collected before the answer.
    const held = Buffer.alloc(input.length);
    held.set(input);
    try {
      const response = await call((done) =>
        this.#reader.control(held, code >>> 0, CONTROL_RESPONSE_LENGTH, done),
      );
      return plainBytes(response);
    } finally {
      // Also the reference that outlives the call.
      held.fill(0);
    }
  }

  /** A service that is silent is left alone, and told once it answers again. @throws the question's error then */
  async disconnect(disposition: Disposition): Promise<void> {
    const { question } = this.#circumstances;
    if (question) {
      try {
        await question();
      } catch (error) {
        const later = answersAgain(question).then(() => this.#disconnect(disposition));
        later.catch(() => undefined);
        throw error;
      }
    }
    await this.#disconnect(disposition);
  }

  async #disconnect(disposition: Disposition): Promise<void> {
    let reusable = false;
    try {
      await call((done) => this.#reader.disconnect(DISPOSITION[disposition], done));
      reusable = true;
    } finally {
      this.#circumstances.release(reusable);
    }
  }
}

/** A plain array, as the contract says: a Buffer prints and compares in its own way. */
function plainBytes(response: unknown): Uint8Array {
  return response instanceof Uint8Array ? new Uint8Array(response) : new Uint8Array();
}

/** Turns a callback of the addon into a promise, and its text into a failure with a code. */
function call(start: (done: (error: unknown, value?: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(failureFrom(error));
      else resolve(value);
      runPromiseJobs();
    });
  });
}
