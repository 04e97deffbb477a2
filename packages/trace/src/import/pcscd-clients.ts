import { ambiguous, malformed } from './import-error.ts';

/** Clients of one pcscd whose state is kept. */
const MAX_CLIENTS = 4096;

/** A program's context at pcscd. */
export interface PcscdClient {
  /** Readers it may have open: one handle closed of several leaves doubt, so names go with the last handle only. */
  readonly readers: Set<string>;
  handles: number;
  /** Reader of a CONNECT under way. */
  connecting?: string | undefined;
  /** Asked to transmit; its APDU is not in the log yet. */
  asked: boolean;
  /** Its APDU is in the log, its response is not. */
  open: boolean;
}

/**
 * Who speaks to which reader: pcscd's log names the reader when a client connects, the client when it transmits, and
 * neither beside the APDU. Where that leaves a doubt the import ends: the redaction follows what a card has selected,
 * and would be wrong about two cards taken for one.
 */
export class PcscdClients {
  readonly #clients = new Map<string, PcscdClient>();
  /** Clients by thread, where the log has thread numbers (`--color`); each client has its own. */
  readonly #byThread = new Map<string, string>();
  #last: string | undefined;

  /** A line that names a client: what follows is about it. */
  enter(id: string, thread: string | undefined, line: number): PcscdClient {
    this.#last = id;
    if (thread !== undefined) {
      if (this.#byThread.size >= MAX_CLIENTS) this.#byThread.clear();
      this.#byThread.set(thread, id);
    }
    const known = this.#clients.get(id);
    if (known) return known;
    if (this.#clients.size >= MAX_CLIENTS) throw malformed(`more than ${MAX_CLIENTS} clients at once`, line);
    const made = { readers: new Set<string>(), handles: 0, asked: false, open: false };
    this.#clients.set(id, made);
    return made;
  }

  /** The client that a line is about: by its thread, else the one last named. Undefined in logs of APDUs alone. */
  current(thread: string | undefined): PcscdClient | undefined {
    const id = (thread !== undefined && this.#byThread.get(thread)) || this.#last;
    return id === undefined ? undefined : this.#clients.get(id);
  }

  /**
   * The client that an APDU (`asked`) or a response (`open`) is of.
   *
   * @throws {TraceImportError} when it could be of two.
   */
  of(state: 'asked' | 'open', thread: string | undefined, line: number): PcscdClient | undefined {
    if (thread !== undefined && this.#byThread.has(thread)) return this.current(thread);
    const [first, second] = [...this.#clients.values()].filter((client) => client[state]);
    if (second) throw ambiguous('two programs spoke to cards at the same time', line);
    return first;
  }

  /** The client is gone. */
  leave(id: string): void {
    this.#clients.delete(id);
    if (this.#last === id) this.#last = undefined;
  }
}

/**
 * The reader a client has open; undefined for a client of a log that names none.
 *
 * @throws {TraceImportError} when it has several.
 */
export function readerOf(client: PcscdClient | undefined, line: number): string | undefined {
  const [reader, second] = client?.readers ?? [];
  if (second !== undefined) throw ambiguous('a program had two readers open at the same time', line);
  return reader;
}
