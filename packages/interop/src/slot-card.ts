import { encodeResponse, Sw, toHex } from '@jpki/iso7816';
import { SimulatorError, type VirtualCard } from '@jpki/simulator';
import { serveVpcd } from '@jpki/simulator/vpcd';

/**
 * What happens at a command: the card answers it, is taken out before it could, or is taken out when it had done its
 * work and before anybody got the answer.
 */
export type Fate = 'answer' | 'removed before' | 'removed after';

/** Told of each command before the card is: its number since {@link SlotCard.forget}, from 0, and its bytes in hex. */
export type Fates = (index: number, command: string) => Fate | Promise<Fate>;

class TakenOut extends Error {
  override readonly name = 'TakenOut';
}

/** A virtual card that can be taken out of its vpcd slot, at a chosen command too, and put back, its counters kept. */
export class SlotCard implements AsyncDisposable {
  readonly virtual: VirtualCard;
  readonly readerName: string;
  /** Commands that came, hex. */
  readonly commands: string[] = [];
  /** How many commands found the card without power; vpcd cannot refuse them as a reader would, so they get 6F00. */
  unpowered = 0;
  /** What becomes of each command. */
  fates: Fates = () => 'answer';
  readonly #port: number;
  #out = new AbortController();
  #served: Promise<void> | undefined;

  constructor(virtual: VirtualCard, slot: { readonly readerName: string; readonly port: number }) {
    this.virtual = virtual;
    this.readerName = slot.readerName;
    this.#port = slot.port;
  }

  /** Forgets the commands that came, and lets the card answer again. */
  forget(): void {
    this.commands.length = 0;
    this.unpowered = 0;
    this.fates = () => 'answer';
  }

  /** Puts the card in; it comes back by itself when the service was restarted. The service sees it in its own time. */
  insert(): void {
    if (this.#served) return;
    const out = new AbortController();
    this.#out = out;
    const transmit = (command: Uint8Array) => this.#transmit(command);
    const card = {
      atr: this.virtual.atr,
      transmit,
      powerOn: () => this.virtual.powerOn(),
      powerOff: () => this.virtual.powerOff(),
      reset: () => this.virtual.reset(),
    };
    this.#served = serveVpcd(card, { port: this.#port, signal: out.signal })
      .catch((error: unknown) => {
        if (!(error instanceof TakenOut)) throw error;
      })
      .finally(() => {
        this.#served = undefined;
      });
  }

  /** Takes the card out; one that is computing leaves at once all the same. */
  async remove(): Promise<void> {
    this.#out.abort();
    await this.#served;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }

  async #transmit(command: Uint8Array): Promise<Uint8Array> {
    const index = this.commands.push(toHex(command)) - 1;
    const fate = await this.fates(index, toHex(command));
    if (fate === 'removed before') throw new TakenOut();
    const answer = await this.virtual.transmit(command).catch((error: unknown) => {
      if (!(error instanceof SimulatorError) || error.code !== 'ERR_SIM_NO_POWER') throw error;
      this.unpowered++;
      return encodeResponse(Sw.NO_PRECISE_DIAGNOSIS);
    });
    if (fate === 'removed after') throw new TakenOut();
    return answer;
  }
}
