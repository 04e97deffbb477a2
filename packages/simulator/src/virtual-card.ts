import {
  type CardChannel,
  CardRemovedError,
  CardResetError,
  encodeResponse,
  fromHex,
  Ins,
  Sw,
} from '@jpki/iso7816';
import { cardApplications } from './card/applications.ts';
import { execute } from './card/card-commands.ts';
import { type CardContents, CardState } from './card/card-state.ts';
import { dataObjects } from './card/data-objects.ts';
import { freshRecords, type PinKey, type PinMemory, pinFiles, volatileMemory } from './card/pin-memory.ts';
import type { StateOwner } from './card/state-file.ts';
import { SimulatorError } from './errors.ts';
import { type Fault, type FaultScript, FaultWatch, letsRun, spoiledAnswer } from './faults.ts';
import type { Persona, PersonaName, PinName } from './persona.ts';
import { personaNamed } from './personas/index.ts';
import type { SimulatorPki } from './test-pki/simulator-pki.ts';
import { type CardVariants, cardVariants } from './variants/index.ts';

/** Which card, and how it behaves. */
export interface VirtualCardOptions {
  /** Whose card; `adult` by default. */
  readonly persona?: PersonaName | Persona;
  /** Where its keys and certificates come from. */
  readonly pki: SimulatorPki;
  /** A file that keeps the counters and PINs; without it the card is fresh every time. */
  readonly stateFile?: string;
  /** What goes wrong, and when. */
  readonly faults?: FaultScript;
  /**
   * Answer 6F00 to the first command after power-up, as the one card did on which it was measured (card-protocol.md
   * 1.2). Off by default: whether others do it is not known.
   */
  readonly firstCommandFails?: boolean;
  /** Which way a doubted fact is on this card; see `CARD_VARIANTS`. What is not named has its default. */
  readonly variants?: Partial<CardVariants>;
}

/** Where the four 暗証番号 lie; the 住民基本台帳用 one is in two places, and the first of them speaks for it. */
const PIN_KEYS: Readonly<Record<PinName, readonly PinKey[]>> = {
  sign: ['jpki/001B'],
  auth: ['jpki/0018'],
  text: ['text/0011'],
  resident: ['resident/001C', 'common/001C'],
};

function isPinName(reference: PinName | PinKey): reference is PinName {
  return Object.hasOwn(PIN_KEYS, reference);
}

/**
 * Puts a persona's card into a reader of its own, powered up.
 *
 * @throws {SimulatorError} `ERR_SIM_PERSONA`; {@link SimulatorPkiError} when the folder of the keys cannot be used;
 * {@link SimulatorStateError} when the state file cannot. {RangeError} for a variant that does not exist, or a fault at
 * bytes that are none.
 */
export async function openVirtualCard(options: VirtualCardOptions): Promise<VirtualCard> {
  const { persona: chosen = 'adult', pki, stateFile, faults = [], firstCommandFails } = options;
  const persona = typeof chosen === 'string' ? personaNamed(chosen) : chosen;
  const variants = cardVariants({ ...(firstCommandFails && { firstCommand: '6F00' }), ...options.variants });
  await pki.prepare();
  const making = { persona, pki, variants, now: pki.now() };
  const applications = cardApplications(making);
  const secrets = pinFiles(applications);
  const pins =
    stateFile === undefined
      ? volatileMemory(freshRecords(secrets))
      : await pinsInFile(stateFile, { persona: persona.name, pins: secrets });
  return new VirtualCard(persona, { applications, pins, variants, dataObjects: dataObjects(making) }, faults);
}

async function pinsInFile(file: string, owner: StateOwner): Promise<PinMemory> {
  const { openStateFile } = await import('./card/state-file.ts');
  return openStateFile(file, owner);
}

/**
 * A simulated Individual Number Card (マイナンバーカード) as a {@link CardChannel}: its applications with their files,
 * PINs and keys, and the data objects of the card manager, as card-protocol.md tells them. Made by
 * {@link openVirtualCard}.
 */
export class VirtualCard implements CardChannel {
  readonly persona: Persona;
  readonly atr: Uint8Array;
  readonly #state: CardState;
  readonly #contents: CardContents;
  readonly #faults: FaultWatch;
  readonly #removal = new AbortController();
  #power: 'on' | 'off' | 'removed' = 'on';
  #freshlyPowered = true;
  #busy = false;
  #commandCount = 0;
  #verifyCount = 0;

  constructor(persona: Persona, contents: CardContents, faults: FaultScript) {
    this.persona = persona;
    const { answerToReset } = contents.variants;
    this.atr = fromHex(answerToReset === 'persona' ? persona.card.atr : answerToReset);
    this.#contents = contents;
    this.#state = new CardState(contents);
    this.#faults = new FaultWatch(faults);
  }

  /** Which way the doubted facts are on this card. */
  get variants(): CardVariants {
    return this.#contents.variants;
  }

  /** Commands sent to the card since it was opened. */
  get commandCount(): number {
    return this.#commandCount;
  }

  /** VERIFYs with data sent to the card, also where a fault kept it from running them: each can cost a try. */
  get verifyCount(): number {
    return this.#verifyCount;
  }

  /**
   * Tries left of a PIN or code, read from the card's memory without any command; `undefined` when it has no such one.
   *
   * @param reference a 暗証番号, or the application and file identifier of any PIN or code: `text/0014`.
   */
  async triesLeft(reference: PinName | PinKey): Promise<number | undefined> {
    const records = await this.#contents.pins.read();
    const keys = isPinName(reference) ? PIN_KEYS[reference] : [reference];
    return keys.flatMap((key) => records[key] ?? [])[0]?.triesLeft;
  }

  /**
   * Runs one command APDU. @throws {CardRemovedError} or {CardResetError} by a fault; {@link SimulatorError}
   * `ERR_SIM_NO_POWER` when the power is off; {@link SimulatorStateError} when a counter cannot be kept.
   */
  async transmit(command: Uint8Array): Promise<Uint8Array> {
    if (this.#busy) throw new TypeError('a card runs one command at a time');
    this.#assertPowered();
    this.#busy = true;
    try {
      this.#commandCount += 1;
      // INS 21 is VERIFY with BER-TLV data (ISO/IEC 7816-4:2020, 5.4.2); five bytes are a query with Le.
      if (((command[1] ?? 0) & 0xfe) === Ins.VERIFY && command.length > 5) this.#verifyCount += 1;
      const faults = this.#faults.faultsAt(this.#commandCount, command);
      let answer = faults.every(letsRun) ? await this.#run(command) : encodeResponse(Sw.OK);
      for (const fault of faults) answer = await this.#spoil(fault, answer);
      return answer;
    } finally {
      this.#busy = false;
    }
  }

  /** Takes the card's power: what is selected and every verified PIN are forgotten. */
  powerOff(): void {
    if (this.#power === 'on') this.#power = 'off';
    this.#state.coldReset();
  }

  /** Powers the card up (cold reset). */
  powerOn(): void {
    if (this.#power === 'removed') return;
    this.#power = 'on';
    this.#freshlyPowered = true;
    this.#state.coldReset();
  }

  /** Warm reset: a verified PIN stays verified (card-protocol.md 1.2). */
  reset(): void {
    this.#state.warmReset();
  }

  /** Takes the card out of the reader for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#remove();
  }

  async #run(command: Uint8Array): Promise<Uint8Array> {
    const first = this.#freshlyPowered;
    this.#freshlyPowered = false;
    if (first && this.#contents.variants.firstCommand === '6F00')
      return encodeResponse(Sw.NO_PRECISE_DIAGNOSIS);
    return execute(this.#state, command);
  }

  async #spoil(fault: Fault, answer: Uint8Array): Promise<Uint8Array> {
    switch (fault.kind) {
      case 'remove':
        this.#remove();
        throw new CardRemovedError();
      case 'reset':
        this.reset();
        throw new CardResetError();
      case 'delay':
        await this.#wait(fault.milliseconds);
        return answer;
      default:
        return spoiledAnswer(fault, answer);
    }
  }

  /** Ends early when the card is taken out. */
  async #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#removal;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      const stop = () => {
        clearTimeout(timer);
        resolve();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    this.#assertPowered();
  }

  #remove(): void {
    this.#power = 'removed';
    this.#removal.abort();
    this.#state.coldReset();
  }

  #assertPowered(): void {
    if (this.#power === 'removed') throw new CardRemovedError();
    if (this.#power === 'off')
      throw new SimulatorError('the virtual card has no power', { code: 'ERR_SIM_NO_POWER' });
  }
}
