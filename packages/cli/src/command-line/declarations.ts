import type { ArgumentsCamelCase, Argv, CommandModule, Options, PositionalOptions } from 'yargs';

/** A command as yargs takes it, whatever its options. */
export interface AnyCommand extends Pick<CommandModule, 'command' | 'describe'> {
  readonly builder?: CommandModule<object, unknown>['builder'];
  /** Takes the options that the builder declares. */
  handler(args: ArgumentsCamelCase<object>): void | Promise<void>;
}

/** What a command says of itself to yargs, noted down: its options, its positional arguments, its subcommands. */
export class Declarations {
  readonly options: Map<string, Options> = new Map();
  readonly positionals: Map<string, PositionalOptions> = new Map();
  readonly commands: Map<string, AnyCommand> = new Map();

  /** What `declare` would have told yargs. */
  static of(declare: (yargs: Argv) => unknown): Declarations {
    const noted = new Declarations();
    // The methods below are all that the commands call; a test asks every command.
    const yargs: object = noted;
    declare(yargs as Argv);
    return noted;
  }

  /** What the builder of a command would have told yargs. */
  static ofCommand({ builder }: AnyCommand): Declarations {
    return Declarations.of((yargs) => (typeof builder === 'function' ? builder(yargs) : yargs));
  }

  option(name: string, option: Options): this {
    this.options.set(name, option);
    return this;
  }

  positional(name: string, positional: PositionalOptions): this {
    this.positionals.set(name, positional);
    return this;
  }

  command(command: AnyCommand): this {
    this.commands.set(firstWord(command), command);
    return this;
  }

  demandCommand(): this {
    return this;
  }

  /** Groups and hidden options are for help screens. */
  group(): this {
    return this;
  }

  hide(): this {
    return this;
  }
}

function firstWord({ command }: AnyCommand): string {
  return String(command).split(' ', 1)[0] ?? '';
}
