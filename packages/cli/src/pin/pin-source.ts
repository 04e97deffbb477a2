import { PIN_POLICY, type PinOptions, type SecretReference } from '@jpki/applets/jpki';
import { type Pin, type PinPad, StatusWordError, Sw } from '@jpki/iso7816';
import type { OpenedCard } from '../card/open-card.ts';
import { PinAbsentError, PinNeededError, UsageError } from '../errors.ts';
import type { CommonOptions } from '../options.ts';
import type { Program } from '../program.ts';
import { assertPinPossible, checkedPin, givenPin, pinDescriptor } from './pin-input.ts';
import { assertPadPossible, PAD_SECONDS } from './pin-pad-option.ts';

/** What a person types to spend the last try: a word, not a key that a cat can press. */
const LAST_TRY_WORD = 'last';

/**
 * Where a secret of the card comes from: one of its PINs, or a number printed on it. Made before the card is touched, so that a malformed `--pin-fd` costs
 * nothing; asks the person, if it must, only when the card has told how many tries are left.
 */
export class PinSource implements Disposable {
  readonly #reference: SecretReference;
  readonly #options: CommonOptions;
  readonly #program: Program;
  readonly #given: Pin | undefined;
  readonly #byPad: boolean;

  private constructor(
    reference: SecretReference,
    options: CommonOptions,
    program: Program,
    { given, byPad }: { readonly given?: Pin | undefined; readonly byPad?: boolean },
  ) {
    this.#reference = reference;
    this.#options = options;
    this.#program = program;
    this.#given = given;
    this.#byPad = byPad ?? false;
  }

  /**
   * A PIN, given with `--pin-fd` or `--pin-stdin`, typed on the keypad of the reader with `--pin-pad`, or asked for. See
   * {@link PinSource.from}.
   *
   * @throws {PinPadError} for a keypad and another secret than a PIN of four digits; {@link UsageError}.
   */
  static async prepare(
    reference: SecretReference,
    options: CommonOptions,
    program: Program,
  ): Promise<PinSource> {
    if (options.pinPad) {
      pinDescriptor(options);
      assertPadPossible(reference, options);
      return new PinSource(reference, options, program, { byPad: true });
    }
    return PinSource.from(pinDescriptor(options), reference, options, program);
  }

  /**
   * A secret that is given on a file descriptor if at all.
   *
   * @throws {PinFormatError}, {@link PinNeededError}; see {@link givenPin}.
   */
  static async from(
    descriptor: number | undefined,
    reference: SecretReference,
    options: CommonOptions,
    program: Program,
  ): Promise<PinSource> {
    const given = await givenPin(reference, descriptor, program);
    assertPinPossible(options, given);
    return new PinSource(reference, options, program, { given });
  }

  /**
   * Runs work that spends the PIN once. When one try is left and a person sits there, they are asked in words
   * whether to spend it; then, and only then, the work runs again, with their consent.
   */
  async spend<T>(
    opened: OpenedCard,
    signal: AbortSignal,
    work: (options: PinOptions) => Promise<T>,
  ): Promise<T> {
    const { allowLastTry } = this.#options;
    const options = await this.pinOptions(opened, signal);
    const consent = allowLastTry === undefined ? undefined : { expected: allowLastTry };
    try {
      return await work({ ...options, allowLastTry: consent });
    } catch (error) {
      if (error instanceof StatusWordError && error.sw === Sw.FILE_NOT_FOUND)
        throw new PinAbsentError(this.#reference, error);
      const isThere = this.#byPad || typeof options.pin === 'function';
      if (!isLastTry(error, this.#reference) || !isThere || this.#options.noInput) throw error;
      if (consent !== undefined || !(await this.#consents(signal))) throw error;
      return work({ ...options, allowLastTry: { expected: error.triesLeft } });
    }
  }

  /**
   * Where the secret comes from, for a command that needs two. A PIN that is at hand goes in with the first hold of the
   * card; a person is asked between two. A replayed card knows the one way or the other, so there the trace decides.
   */
  async pinOptions(opened: OpenedCard, signal: AbortSignal): Promise<PinOptions> {
    const { persona, recording, replayed } = opened;
    const { output, messages } = this.#program;
    const isSigning = this.#reference === 'sign' || this.#reference === 'auth';
    const lockLost = isSigning ? messages.sign.lockLost : messages.sign.cardGone;
    const common = { signal, onLockFailed: () => output.say(lockLost) };
    if (this.#byPad) return { ...common, ...(await this.#keypad(opened, signal)) };
    const ready =
      this.#given ?? (await this.#personaPin(persona)) ?? (await this.#typedBefore(opened, signal));
    if (ready !== undefined && replayed?.asksPerson !== true) {
      return { ...common, pin: ready, onTriesLeft: (triesLeft) => this.#showTries(triesLeft) };
    }
    const ask = async ({ triesLeft }: { readonly triesLeft: number }) => {
      this.#showTries(triesLeft);
      if (ready !== undefined) return ready.copy();
      if (this.#options.noInput || persona !== undefined) throw new PinNeededError();
      recording?.personIsAsked();
      return this.#ask(signal);
    };
    return { ...common, pin: ask };
  }

  /** The keypad of the reader; what is to be typed there is said when it begins to wait. */
  async #keypad(
    { pinPad }: OpenedCard,
    signal: AbortSignal,
  ): Promise<Pick<PinOptions, 'pin' | 'onTriesLeft'>> {
    if (pinPad === undefined) throw new UsageError('--pin-pad');
    const { output, messages } = this.#program;
    const onTriesLeft = (triesLeft: number) => {
      this.#showTries(triesLeft);
      output.say(messages.sign.typeOnPad(messages.card.pins[this.#reference], PAD_SECONDS));
    };
    const keypad = await pinPad({ language: messages.language, seconds: PAD_SECONDS });
    const pad: PinPad = { enter: (request) => this.#untilTyped(signal, () => keypad.enter(request)) };
    return { pin: { pad }, onTriesLeft };
  }

  /** No program can call a keypad off. Were this one gone, what is typed there would leave the card open for everybody. */
  async #untilTyped<T>(signal: AbortSignal, entry: () => Promise<T>): Promise<T> {
    const program = this.#program;
    const say = () => program.output.say(program.messages.sign.padWaits);
    program.sayWhyToWait = say;
    signal.addEventListener('abort', say, { once: true });
    try {
      return await entry();
    } finally {
      program.sayWhyToWait = undefined;
      signal.removeEventListener('abort', say);
    }
  }

  /** The PIN for a replayed card that got it at once when it was recorded. */
  async #typedBefore({ replayed }: OpenedCard, signal: AbortSignal): Promise<Pin | undefined> {
    if (replayed === undefined || replayed.asksPerson) return undefined;
    return this.#options.noInput ? undefined : this.#ask(signal);
  }

  #showTries(triesLeft: number): void {
    const { output, messages } = this.#program;
    const { maxTries } = PIN_POLICY[this.#reference];
    output.say(messages.sign.triesLeft(messages.card.pins[this.#reference], triesLeft, maxTries));
    if (triesLeft < 3 && triesLeft < maxTries) output.say(messages.sign.fewTries(triesLeft));
  }

  async #personaPin(persona: OpenedCard['persona']): Promise<Pin | undefined> {
    if (persona === undefined) return undefined;
    const { publicSecret } = await import('./persona-secrets.ts');
    const pin = publicSecret(persona, this.#reference);
    if (pin === undefined) return undefined;
    const { output, messages } = this.#program;
    output.say(messages.sign.personaPin(persona.name, messages.card.pins[this.#reference]));
    return checkedPin(this.#reference, Buffer.from(pin, 'latin1'), this.#program);
  }

  async #ask(signal: AbortSignal): Promise<Pin> {
    const { messages } = this.#program;
    const { characters, minLength } = PIN_POLICY[this.#reference].format;
    const hint = messages.sign.pinHints[characters](minLength);
    const question = messages.sign.askPin(messages.card.pins[this.#reference], hint);
    const { askSecret } = await import('./prompt.ts');
    return checkedPin(this.#reference, await askSecret(question, signal), this.#program);
  }

  async #consents(signal: AbortSignal): Promise<boolean> {
    const { messages } = this.#program;
    const question = messages.sign.lastTryQuestion(messages.card.pins[this.#reference], LAST_TRY_WORD);
    const { askSecret } = await import('./prompt.ts');
    const answer = await askSecret(question, signal).catch((error: unknown) => {
      if (error instanceof PinNeededError) return new Uint8Array();
      throw error;
    });
    return Buffer.from(answer).equals(Buffer.from(LAST_TRY_WORD));
  }

  [Symbol.dispose](): void {
    this.#given?.[Symbol.dispose]();
  }
}

function isLastTry(
  error: unknown,
  reference: SecretReference,
): error is Error & { readonly triesLeft: number } {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_PIN_LAST_TRY') return false;
  return 'triesLeft' in error && 'reference' in error && error.reference === reference;
}
