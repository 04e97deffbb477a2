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
    // Thrown before yargs looks at options, of which none can be wrong yet; and before it shows a help screen.
    builder: () => {
      throw new NotInThisVersionError(`jpki ${path}`);
    },
    handler: () => undefined,
  };
}
