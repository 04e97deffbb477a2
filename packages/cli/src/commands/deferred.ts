import type { CommandModule } from 'yargs';

/** The work of a command, found by yargs and not yet done. */
export class DeferredCommand extends Error {
  override readonly name = 'DeferredCommand';
  /** Does the work. */
  readonly run: () => Promise<void>;

  constructor(run: () => Promise<void>) {
    super('the command is to be run outside yargs');
    this.run = run;
  }
}

/**
 * The command with a handler that throws its work instead of doing it; `main` catches it and runs it. When a handler
 * returns, yargs sets the command's help screen, shown or not, which takes longer than signing does (17 of 200 ms,
 * most of it for the width of characters); an exception is the only way past that.
 */
export function deferred<T, U>(module: CommandModule<T, U>): CommandModule<T, U> {
  return {
    ...module,
    handler: (args) => {
      throw new DeferredCommand(async () => {
        await module.handler(args);
      });
    },
  };
}
