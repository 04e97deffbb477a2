import type { Options } from 'yargs';

/** An option as it stands in a command line, and how many words it takes there. */
export interface PlainOption {
  readonly name: string;
  readonly value: boolean | number | string | readonly string[];
  readonly words: 1 | 2;
}

/** Numbers that are read as they are written. */
const NUMBER = /^(0|[1-9]\d{0,8})$/;

/** Options by name and by alias, to be found as they are written. */
export class PlainOptions {
  readonly #options: ReadonlyMap<string, Options>;
  readonly #written = new Map<string, string>();

  constructor(options: ReadonlyMap<string, Options>) {
    this.#options = options;
    for (const [name, { alias }] of options) {
      this.#written.set(`--${name}`, name);
      if (typeof alias === 'string') this.#written.set(`-${alias}`, name);
    }
  }

  /** The option that begins with `word`; `undefined` for one that is unknown, incomplete, or not what it should be. */
  read(word: string, next: string | undefined): PlainOption | undefined {
    const at = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = this.#written.get(at === -1 ? word : word.slice(0, at));
    const option = name === undefined ? undefined : this.#options.get(name);
    if (name === undefined || option === undefined) return undefined;
    if (option.type === 'boolean') return at === -1 ? { name, value: true, words: 1 } : undefined;
    const text = at === -1 ? next : word.slice(at + 1);
    const value = text === undefined || text.startsWith('-') ? undefined : plainValue(text, option);
    return value === undefined ? undefined : { name, value, words: at === -1 ? 2 : 1 };
  }

  /** Whether the option may be given more than once. */
  isMany(name: string): boolean {
    return this.#options.get(name)?.array === true;
  }

  /** Whether every option is among `given` that must be. */
  isComplete(given: object): boolean {
    return [...this.#options].every(([name, { demandOption }]) => !demandOption || name in given);
  }

  /** What the options are that are not given; of those without a default nothing is said. */
  defaults(): Record<string, unknown> {
    const given = [...this.#options].filter(([, option]) => option.default !== undefined);
    return Object.fromEntries(given.map(([name, option]) => [name, option.default]));
  }
}

function plainValue(text: string, { type, choices, array }: Options): PlainOption['value'] | undefined {
  if (text === '') return undefined;
  if (choices !== undefined) return choices.includes(text) ? text : undefined;
  if (type === 'number') return NUMBER.test(text) ? Number(text) : undefined;
  if (type !== 'string') return undefined;
  return array === true ? [text] : text;
}
