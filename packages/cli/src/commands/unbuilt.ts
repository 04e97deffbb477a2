import type { CommandModule } from 'yargs';
import { NotInThisVersionError } from '../errors.ts';

/**
 * A command of the contract that this version does not have: whatever its arguments, it says so and touches nothing.
 * The help screens show what there is, and not this.
 *
 * @param path all words of the command: `pin change`.
 */
export function unbuiltCommand(path: string): CommandModule {
  return {
    command: `${path.replace(/^.* /, '')} [anything..]`,
    describe: false,
    // Its options are not known yet, so none can be wrong.
    builder: (yargs) => yargs.positional('anything', {}).strict(false),
    handler: () => {
      throw new NotInThisVersionError(`jpki ${path}`);
    },
  };
}
