/** A connection to the bench's card, by one library. */
export interface Way {
  transmit(command: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens a shared connection to the card in the reader of this name. */
export type OpenWay = (reader: string) => Promise<Way>;
