/**
 * A way to one smart card: bytes in, bytes out. Everything that can be a card (a PC/SC reader, the virtual
 * card, a replayed trace, a relay) is a `CardChannel`, and nothing above it knows which one it has.
 *
 * The contract:
 *
 * - **One command at a time.** A channel need not queue; its owner ({@link Card}) never calls `transmit`
 *   while a call is pending.
 * - **A whole answer or an error.** `transmit` resolves with at least two bytes (the status word). A link that
 *   returns fewer has lost the card and must reject with a {@link LinkError}. The channel itself never repeats,
 *   splits or chains a command; layers do that, and never for a PIN.
 * - **A sent command is not abandoned.** There is no way to cancel one: the answer to a VERIFY must not get lost.
 * - **Closing is idempotent** and ends the card's power where the link can, so that no PIN stays verified.
 *   After it, `transmit` rejects.
 */
export interface CardChannel extends AsyncDisposable {
  /** Answer to reset (ISO/IEC 7816-3), as the link reports it; contactless readers make one up (PC/SC part 3). */
  readonly atr: Uint8Array;

  /** Sends one encoded command APDU and resolves with the encoded response APDU (2 to 65,538 bytes). */
  transmit(command: Uint8Array): Promise<Uint8Array>;

  /**
   * Runs `work` while no other process can send to the card. Absent where the link is exclusive by itself
   * or nobody else can reach the card.
   */
  transaction?<T>(work: () => Promise<T>): Promise<T>;

  /**
   * Brings the link back after a `CardResetError`, so that commands can be sent again. Nothing is selected then; a PIN
   * counts as not verified for use and as still verified for locking. Sends no command. Absent where nobody else can
   * reset the card.
   */
  recover?(): Promise<void>;

  /** Where the time and the random numbers of this exchange come from; absent: the clock and the system. */
  readonly circumstances?: Circumstances;
}

/**
 * What a program takes from the world while it talks to a card, beside the card's answers. A replayed card lives in the
 * past: it can only answer what it was once asked, so it brings the time and the challenges of that day with it.
 */
export interface Circumstances {
  /** What time it is there. */
  now(): Date;
  /** Fresh random bytes that the card, and so a recorded trace, may see: challenges; never keys. */
  nonce(length: number): Uint8Array;
}

/** The clock and the random numbers of this machine: what a channel without circumstances of its own has. */
export const TODAY: Circumstances = {
  now: () => new Date(),
  nonce: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
};

/** Wraps a channel: logging, recording, answering 61xx. The wrapper keeps the whole contract. */
export type ChannelLayer = (inner: CardChannel) => CardChannel;

/** Stacks layers on a channel; the first one is next to the card. */
export function layered(channel: CardChannel, ...layers: readonly ChannelLayer[]): CardChannel {
  return layers.reduce((inner, layer) => layer(inner), channel);
}
