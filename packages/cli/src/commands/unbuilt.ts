import type { CommandModule } from 'yargs';
import { NotInThisVersionError } from '../errors.ts';
import type { CommandName } from '../locales/messages.ts';
import type { Program } from '../program.ts';

/** Which command is not built yet. */
export interface UnbuiltCommand {
  /** Its own word. */
  readonly command: string;
  readonly name: CommandName;
  /** All its words: `pin change`. */
  readonly path: string;
}

/** A command of the contract that this version does not have: whatever its arguments, it says so and touches nothing. */
export function unbuiltCommand(
  { messages: { help } }: Program,
  { command, name, path }: UnbuiltCommand,
): CommandModule {
  return {
    command: `${command} [anything..]`,
    describe: `${help.commands[name]} (${help.notInThisVersion})`,
    // Its options are not known yet, so none can be wrong.
    builder: (yargs) => yargs.positional('anything', { describe: help.options.anything }).strict(false),
    handler: () => {
      throw new NotInThisVersionError(`jpki ${path}`);
    },
  };
}
