import {
  type CardChannel,
  CardRemovedError,
  CardResetError,
  encodeResponse,
  fromHex,
  Ins,
  Sw,
} from '@jpki/iso7816';
import { execute } from './card/card-commands.ts';
import { CardState } from './card/card-state.ts';
import { JPKI_AID, jpkiFiles } from './card/jpki-files.ts';
import { type PinMemory, volatileMemory } from './card/pin-memory.ts';
import { openStateFile } from './card/state-file.ts';
import { SimulatorError } from './errors.ts';
import type { Fault, FaultScript } from './faults.ts';
import type { Persona, PersonaName } from './persona.ts';
import { personaNamed } from './personas/index.ts';
import type { CertificateKind } from './test-pki/names.ts';
import type { SimulatorPki } from './test-pki/simulator-pki.ts';

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
}

/**
 * Puts a persona's card into a reader of its own, powered up.
 *
 * @throws {SimulatorError} `ERR_SIM_PERSONA`; {@link SimulatorPkiError} when the folder of the keys cannot be used;
 * {@link SimulatorStateError} when the state file cannot.
 */
export async function openVirtualCard(options: VirtualCardOptions): Promise<VirtualCard> {
  const { persona: chosen = 'adult', pki, stateFile } = options;
  const persona = typeof chosen === 'string' ? personaNamed(chosen) : chosen;
  await pki.prepare();
  const pins = stateFile === undefined ? volatileMemory(persona) : await openStateFile(stateFile, persona);
  return new VirtualCard(persona, pki, pins, options);
}

/**
 * A simulated Individual Number Card (マイナンバーカード) as a {@link CardChannel}: the 公的個人認証AP with its files,
 * PINs and keys, as card-protocol.md tells it. Made by {@link openVirtualCard}.
 */
export class VirtualCard implements CardChannel {
  readonly persona: Persona;
  readonly atr: Uint8Array;
  readonly #state: CardState;
  readonly #pins: PinMemory;
  readonly #faults: FaultScript;
  readonly #firstCommandFails: boolean;
  #power: 'on' | 'off' | 'removed' = 'on';
  #freshlyPowered = true;
  #busy = false;
  #commandCount = 0;
  #verifyCount = 0;

  constructor(
    persona: Persona,
    pki: SimulatorPki,
    pins: PinMemory,
    options: Pick<VirtualCardOptions, 'faults' | 'firstCommandFails'> = {},
  ) {
    this.persona = persona;
    this.atr = fromHex(persona.card.atr);
    this.#pins = pins;
    const application = { aid: JPKI_AID, files: jpkiFiles(persona, pki) };
    this.#state = new CardState({ applications: [application], pins });
    this.#faults = options.faults ?? [];
    this.#firstCommandFails = options.firstCommandFails ?? false;
  }

  /** Commands sent to the card since it was opened. */
  get commandCount(): number {
    return this.#commandCount;
  }

  /** VERIFYs with data sent to the card, also where a fault kept it from running them: each can cost a try. */
  get verifyCount(): number {
    return this.#verifyCount;
  }

  /** Tries left of a PIN, read from the card's memory without any command; `undefined` when it has no such PIN. */
  async triesLeft(reference: CertificateKind): Promise<number | undefined> {
    return (await this.#pins.read())[reference]?.triesLeft;
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
      const fault = this.#faults.find(({ at }) => at === this.#commandCount);
      const answer = fault === undefined || fault.executed ? await this.#run(command) : encodeResponse(Sw.OK);
      return fault === undefined ? answer : this.#spoil(fault, answer);
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
    if (first && this.#firstCommandFails) return encodeResponse(Sw.NO_PRECISE_DIAGNOSIS);
    return execute(this.#state, command);
  }

  #spoil(fault: Fault, answer: Uint8Array): Uint8Array {
    switch (fault.kind) {
      case 'remove':
        this.#remove();
        throw new CardRemovedError();
      case 'reset':
        this.reset();
        throw new CardResetError();
      case 'truncate':
        return answer.subarray(0, fault.length);
      case 'status-word':
        return encodeResponse(fault.sw);
    }
  }

  #remove(): void {
    this.#power = 'removed';
    this.#state.coldReset();
  }

  #assertPowered(): void {
    if (this.#power === 'removed') throw new CardRemovedError();
    if (this.#power === 'off')
      throw new SimulatorError('the virtual card has no power', { code: 'ERR_SIM_NO_POWER' });
  }
}
