import type { CardChannel } from '@jpki/iso7816';
import type { OpenedCard } from '../card/open-card.ts';
import type { Expectation } from './expectation.ts';
import { exchangeRaw, type RawExchange } from './raw-exchange.ts';
import { openTlv, type TlvNode } from './tlv-tree.ts';

/** A raw exchange, and what can be said of its answer. */
export interface JudgedExchange extends RawExchange {
  /** The response data as data objects, where they are some. */
  readonly tlv: readonly TlvNode[] | undefined;
  readonly expected: string | undefined;
  /** Whether the status word was one of those expected; true where none was. */
  readonly asExpected: boolean;
}

/** A card that takes raw commands. */
export class ApduSession {
  readonly reader: string;
  readonly #opened: OpenedCard;
  readonly #allowPinCommands: boolean;
  #channel: CardChannel;

  constructor(opened: OpenedCard, { allowPinCommands }: { readonly allowPinCommands: boolean }) {
    this.#opened = opened;
    this.#channel = opened.channel;
    this.#allowPinCommands = allowPinCommands;
    this.reader = opened.reader;
  }

  /** Whether other programs can use the card meanwhile: the reader, or one of them, grants no exclusive use. */
  get isShared(): boolean {
    return this.#opened.isShared?.() ?? false;
  }

  get atr(): Uint8Array {
    return this.#channel.atr;
  }

  /** Sends one command, once. @throws as {@link exchangeRaw} does. */
  async send(command: Uint8Array, expectation: Expectation | undefined): Promise<JudgedExchange> {
    const exchange = await exchangeRaw(this.#channel, command, { allowPinCommands: this.#allowPinCommands });
    return {
      ...exchange,
      tlv: openTlv(exchange.data),
      expected: expectation?.text,
      asExpected: expectation?.matches(exchange.sw) ?? true,
    };
  }

  /** Takes the card's power and gives it back: nothing is selected, no PIN is verified any more. */
  async reset(): Promise<void> {
    this.#channel = await this.#opened.restart();
  }
}
