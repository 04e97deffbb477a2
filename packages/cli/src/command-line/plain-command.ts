import type { PositionalOptions } from 'yargs';
import { commandNamed } from '../commands/index.ts';
import { checkArguments, commonOptions } from '../options.ts';
import type { Program } from '../program.ts';
import { type AnyCommand, Declarations } from './declarations.ts';
import { PlainOptions } from './plain-options.ts';

/** The arguments of a command, by the names that yargs gives them. */
interface PlainArguments {
  readonly [name: string]: unknown;
  /** Words of the command. */
  readonly _: string[];
  /** Name of the program. */
  readonly $0: string;
}

/** A command and the arguments for it. */
export interface PlainCommand {
  readonly args: PlainArguments;
  readonly run: () => Promise<void>;
}

/**
 * Words in which yargs sees more than a name: marks (`-`, `--`), quotes, which it takes off, what may be the value of a
 * switch, and control characters, at which its patterns end.
 */
const PECULIAR = /^-{0,2}$|^["'`]|=["'`]|^(true|false)$|\p{Cc}/u;

/**
 * Reads a command line that is right and says nothing peculiar, which is what scripts and people mostly write, without
 * loading yargs: that takes three times as long as an empty Node start. Whatever is wrong, unusual or a wish for help
 * is left to yargs, which alone words what it has to say.
 *
 * @returns `undefined` when yargs is to read it.
 * @throws {UsageError} as {@link checkArguments} does.
 */
export async function plainCommand(
  argv: readonly string[],
  program: Program,
): Promise<PlainCommand | undefined> {
  if (argv.some((word) => PECULIAR.test(word))) return undefined;
  const reading = new Reading(Declarations.of((yargs) => commonOptions(yargs, program.messages.help)));
  for (let at = 0; at < argv.length; ) {
    const words = await reading.take(argv[at] ?? '', argv[at + 1], program);
    if (words === undefined) return undefined;
    at += words;
  }
  const { command } = reading;
  const args = reading.arguments();
  if (command === undefined || args === undefined) return undefined;
  checkArguments(args);
  return { args, run: async () => void (await command.handler(args)) };
}

/** What the words so far have said. */
class Reading {
  command: AnyCommand | undefined;
  #declared: Declarations;
  #options: PlainOptions;
  readonly #given: Record<string, unknown> = {};
  readonly #commandWords: string[] = [];
  readonly #operands: string[] = [];

  constructor(common: Declarations) {
    this.#declared = common;
    this.#options = new PlainOptions(common.options);
  }

  /** Reads a word, and the next one where it belongs to it. @returns how many; `undefined` when yargs is to read them. */
  async take(word: string, next: string | undefined, program: Program): Promise<1 | 2 | undefined> {
    if (word.startsWith('-')) return this.#takeOption(word, next);
    if (this.command !== undefined && this.#declared.commands.size === 0) {
      this.#operands.push(word);
      return 1;
    }
    const command =
      this.command === undefined ? await commandNamed(word, program) : this.#declared.commands.get(word);
    if (command === undefined) return undefined;
    return this.#enter(word, command);
  }

  #takeOption(word: string, next: string | undefined): 1 | 2 | undefined {
    const option = this.#options.read(word, next);
    if (option === undefined) return undefined;
    const { name, value, words } = option;
    const before = this.#given[name];
    if (before !== undefined && !this.#options.isMany(name)) return undefined;
    this.#given[name] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    return words;
  }

  #enter(word: string, command: AnyCommand): 1 {
    const own = Declarations.ofCommand(command);
    for (const [name, option] of this.#declared.options)
      if (!own.options.has(name)) own.options.set(name, option);
    this.command = command;
    this.#declared = own;
    this.#options = new PlainOptions(own.options);
    this.#commandWords.push(word);
    return 1;
  }

  /** All arguments as yargs hands them to the command; `undefined` when there are too few or too many. */
  arguments(): PlainArguments | undefined {
    const { positionals, commands } = this.#declared;
    const operands = this.command && operandsOf(String(this.command.command), this.#operands, positionals);
    if (operands === undefined || commands.size > 0 || !this.#options.isComplete(this.#given))
      return undefined;
    const given = { ...this.#options.defaults(), ...this.#given, ...operands };
    return { ...given, _: this.#commandWords, $0: 'jpki' };
  }
}

/** The words behind the command by the names that its pattern gives them: `diff <a> <b>`, `sign <file..>`. */
function operandsOf(
  pattern: string,
  words: readonly string[],
  declared: ReadonlyMap<string, PositionalOptions>,
): Record<string, unknown> | undefined {
  const left = [...words];
  const operands: Record<string, unknown> = {};
  for (const [, bracket, name = '', dots] of pattern.matchAll(/([<[])([^.>\]]+)(\.\.)?[>\]]/g)) {
    const { choices } = declared.get(name) ?? {};
    const taken = left.splice(0, dots === undefined ? 1 : left.length);
    if (bracket === '<' && taken.length === 0) return undefined;
    if (choices !== undefined && !taken.every((word) => choices.includes(word))) return undefined;
    const absent = declared.get(name)?.default;
    if (taken.length > 0) operands[name] = dots === undefined ? taken[0] : taken;
    else if (absent !== undefined) operands[name] = absent;
  }
  return left.length === 0 ? operands : undefined;
}
