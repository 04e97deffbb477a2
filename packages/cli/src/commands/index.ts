import type { ArgumentsCamelCase, CommandModule } from 'yargs';
import type { Program } from '../program.ts';

/** A command as yargs takes it, whatever its options. */
interface AnyCommand extends Pick<CommandModule, 'command' | 'describe'> {
  readonly builder?: CommandModule<object, unknown>['builder'];
  /** Takes the options that the builder declares. */
  handler(args: ArgumentsCamelCase<object>): void | Promise<void>;
}

/** Loads a command. */
type Load = () => Promise<(program: Program) => AnyCommand>;

/**
 * Every command by its first word, and where it lives. A command is loaded when its word stands in the command
 * line, so that `jpki sign` does not pay for the others; all are loaded for the help screens.
 */
const COMMANDS: ReadonlyMap<string, Load> = new Map<string, Load>([
  ['readers', async () => (await import('./readers.ts')).readersCommand],
  ['status', async () => (await import('./status.ts')).statusCommand],
  ['pin', async () => (await import('./pin.ts')).pinCommand],
  ['cert', async () => (await import('./cert.ts')).certCommand],
  ['sign', async () => (await import('./sign.ts')).signCommand],
  ['verify', async () => (await import('./verify.ts')).verifyCommand],
  ['attributes', async () => (await import('./attributes.ts')).attributesCommand],
  ['my-number', async () => (await import('./my-number.ts')).myNumberCommand],
  ['face', async () => (await import('./face.ts')).faceCommand],
  ['card-face', async () => (await import('./card-face.ts')).cardFaceCommand],
  ['apdu', async () => (await import('./apdu.ts')).apduCommand],
  ['trace', async () => (await import('./trace.ts')).traceCommand],
  ['sim', async () => (await import('./sim.ts')).simCommand],
  ['bench', unbuilt('bench')],
  ['doctor', async () => (await import('./doctor.ts')).doctorCommand],
  ['login', unbuilt('login')],
  ['bridge', unbuilt('bridge')],
  ['agent', unbuilt('agent')],
  ['completion', unbuilt('completion')],
]);

/** The commands that a command line may mean: those whose word is in it, or all when none is. */
export async function commandsFor(words: readonly string[], program: Program): Promise<AnyCommand[]> {
  const named = [...COMMANDS].filter(([name]) => words.includes(name));
  const loads = (named.length === 0 ? [...COMMANDS] : named).map(([, load]) => load());
  return (await Promise.all(loads)).map((command) => command(program));
}

function unbuilt(path: string): Load {
  return async () => {
    const { unbuiltCommand } = await import('./unbuilt.ts');
    return () => unbuiltCommand(path);
  };
}
