import { type CommandApdu, encodeCommand } from './command.ts';
import type { ResponseApdu } from './response.ts';
import { fileIdentifier, SELECT_EF } from './select-command.ts';
import { CURRENT_EF, type ShortIds } from './short-ids.ts';
import { Sw } from './status.ts';
import { statusWordError } from './status-word-error.ts';

/** The EF that was selected before a reset. */
export interface TakenFile {
  readonly id: number;
  readonly selected: boolean;
}

/**
 * The EF that a session selected last. Where short identifiers are wanted, the SELECT is put off until a command needs
 * it: a READ BINARY tries the short identifier first, and every other command uses one only after that proved them.
 */
export class SelectedFile {
  readonly #send: (command: Uint8Array) => Promise<ResponseApdu>;
  readonly #shortIds: ShortIds;
  #id: number | undefined;
  /** The SELECT was not sent. */
  #pending = false;

  constructor(send: (command: Uint8Array) => Promise<ResponseApdu>, shortIds: ShortIds) {
    this.#send = send;
    this.#shortIds = shortIds;
  }

  /** The identifier, or `undefined` when nothing is known to be selected. */
  get id(): number | undefined {
    return this.#id;
  }

  /** Nothing is known to be selected from here on. */
  forget(): void {
    this.#id = undefined;
    this.#pending = false;
  }

  /** What is known, to be put back after a reset; forgotten here. `selected`: a SELECT or a read made it the current EF. */
  take(): TakenFile | undefined {
    const id = this.#id;
    const taken = id === undefined ? undefined : { id, selected: !this.#pending };
    this.forget();
    return taken;
  }

  /** Takes over what {@link take} gave, once it is selected again. */
  putBack(file: TakenFile | undefined): void {
    this.#id = file?.id;
    this.#pending = file !== undefined && !file.selected;
  }

  /** Selects EF `id` at once, or notes that it is to be. @throws {StatusWordError} 6A82 when it is not there. */
  async select(id: number): Promise<void> {
    this.forget();
    if (this.#shortIds.mayRead(id)) {
      this.#id = id;
      this.#pending = true;
      return;
    }
    await this.#sendSelect(id);
    this.#id = id;
  }

  /** Makes the EF one that a command can mean, and returns P2 for that: 80, or 80 plus a proven short identifier. */
  async ready(options: { readonly bySelect: boolean } = { bySelect: false }): Promise<number> {
    const id = this.#id;
    if (id === undefined || !this.#pending) return CURRENT_EF;
    if (!options.bySelect && this.#shortIds.mayUse(id)) return CURRENT_EF | id;
    this.forget();
    await this.#sendSelect(id);
    this.#id = id;
    return CURRENT_EF;
  }

  /** Sends a READ BINARY from offset 0 of this EF. It makes the EF the current one in either form. */
  async transmitFirst(command: CommandApdu): Promise<ResponseApdu> {
    const id = this.#id;
    if (id !== undefined && this.#pending) {
      const answer = await this.#send(encodeCommand({ ...command, p1: CURRENT_EF | id }));
      this.#shortIds.answered(answer.sw);
      // It also makes the EF the current one (card-protocol.md 1.3).
      if (answer.sw === Sw.OK) this.#pending = false;
      if (answer.sw === Sw.OK || this.#shortIds.mayUse(id)) return answer;
      await this.ready({ bySelect: true });
    }
    return this.#send(encodeCommand(command));
  }

  async #sendSelect(id: number): Promise<void> {
    const { sw } = await this.#send(encodeCommand({ ...SELECT_EF, data: fileIdentifier(id) }));
    if (sw !== Sw.OK) throw statusWordError(sw, SELECT_EF);
  }
}
