import { type CardChannel, fromHex, toHex } from '@jpki/iso7816';

/** What a scripted card answers: hex, or a function of how often this command came before, or a link failure. */
export type Answer = string | Error | ((times: number) => string | Error);

/**
 * A card that answers by a table of command prefixes (hex) and fails on everything else: for status words and faults
 * that no well-behaved card shows.
 */
export class ScriptedCard implements CardChannel {
  readonly atr: Uint8Array = fromHex('3BE000FF8131FE4514');
  /** Every command received, hex. */
  readonly commands: string[] = [];
  readonly #answers: Readonly<Record<string, Answer>>;
  readonly #times = new Map<string, number>();

  constructor(answers: Readonly<Record<string, Answer>>) {
    this.#answers = answers;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const hex = toHex(command);
    this.commands.push(hex);
    // The longest prefix wins: "the query" before "any VERIFY".
    const [prefix] = Object.keys(this.#answers)
      .filter((key) => (key.endsWith('$') ? hex === key.slice(0, -1) : hex.startsWith(key)))
      .sort((a, b) => b.length - a.length);
    if (prefix === undefined) throw new Error(`the script has no answer to ${hex}`);
    const times = this.#times.get(prefix) ?? 0;
    this.#times.set(prefix, times + 1);
    const entry = this.#answers[prefix] ?? '6F00';
    const answer = typeof entry === 'function' ? entry(times) : entry;
    if (answer instanceof Error) throw answer;
    return fromHex(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** VERIFY commands with data among `commands`: each may cost a try. */
export function verifies(commands: readonly string[]): string[] {
  return commands.filter((hex) => hex.startsWith('0020') && hex.length > 8);
}
