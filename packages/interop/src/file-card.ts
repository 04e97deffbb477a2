import { type CardChannel, decodeCommand, encodeResponse, fromHex, Ins, Sw, toHex } from '@jpki/iso7816';

/** What a {@link FileCard} holds: files by AID and identifier, and data objects by tag, all in hex. */
export interface FileCardContents {
  readonly applications: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>;
  readonly data: Readonly<Record<string, Uint8Array>>;
}

/**
 * A card made of files alone, as a thief's copy would be: every secret opens everything, and the signature that answers
 * a challenge is zeros, since no private key is in a file.
 */
export class FileCard implements CardChannel {
  readonly atr: Uint8Array = fromHex('3BE000FF8131FE4514');
  readonly #contents: FileCardContents;
  #files: Readonly<Record<string, Uint8Array>> | undefined;
  #current: Uint8Array | undefined;

  constructor(contents: FileCardContents) {
    this.#contents = contents;
  }

  async transmit(bytes: Uint8Array): Promise<Uint8Array> {
    const { ins, p1, p2, data, le = 0 } = decodeCommand(bytes);
    switch (ins) {
      case Ins.SELECT:
        return this.#select(p1, toHex(data ?? new Uint8Array()));
      case Ins.READ_BINARY:
        return this.#read(p1 * 0x100 + p2, le);
      case Ins.VERIFY:
        return encodeResponse(data === undefined ? 0x63ca : Sw.OK);
      case Ins.GET_DATA:
        return this.#object(toHex(Uint8Array.of(p1, p2)), le);
      case 0x2a:
        return encodeResponse(Sw.OK, new Uint8Array(256));
      default:
        return encodeResponse(Sw.INS_NOT_SUPPORTED);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #select(p1: number, name: string): Uint8Array {
    if (p1 === 0x04) {
      this.#files = this.#contents.applications[name];
      this.#current = undefined;
      return encodeResponse(Sw.OK);
    }
    this.#current = this.#files?.[name] ?? new Uint8Array();
    return encodeResponse(Sw.OK);
  }

  #read(offset: number, le: number): Uint8Array {
    const file = this.#current;
    if (file === undefined) return encodeResponse(Sw.NO_CURRENT_EF);
    if (offset >= file.length) return encodeResponse(Sw.OFFSET_OUTSIDE_FILE);
    return encodeResponse(Sw.OK, file.subarray(offset, offset + le));
  }

  #object(tag: string, le: number): Uint8Array {
    const object = this.#contents.data[tag];
    if (object === undefined) return encodeResponse(Sw.REFERENCED_DATA_NOT_FOUND);
    return object.length > le ? encodeResponse(Sw.WRONG_LENGTH) : encodeResponse(Sw.OK, object);
  }
}
