import type { Argv, CommandModule } from 'yargs';
import { UsageError } from '../errors.ts';
import { commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';

/** Where the vpcd driver listens unless configured otherwise (vsmartcard). */
const VPCD = '127.0.0.1:35963';

interface ServeOptions {
  readonly persona: string;
  readonly state: string | undefined;
  readonly vpcd: string;
}

/** `jpki sim serve`: the virtual card in a reader of a real pcscd, until Ctrl-C. */
export function simServeCommand(program: Program): CommandModule<object, ServeOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'serve',
    describe: commands.simServe,
    builder: (yargs: Argv): Argv<ServeOptions> =>
      yargs
        .option('persona', {
          type: 'string',
          default: 'adult',
          requiresArg: true,
          describe: options.persona,
        })
        .option('state', { type: 'string', requiresArg: true, describe: options.state })
        .option('vpcd', { type: 'string', default: VPCD, requiresArg: true, describe: options.vpcd }),
    handler: (args) => serve(program, args, commandSignal(program, commonArguments(args))),
  };
}

async function serve(program: Program, options: ServeOptions, signal: AbortSignal): Promise<void> {
  const { output, messages } = program;
  const { host, port } = addressFrom(options.vpcd);
  const { openSimulatorPki, openVirtualCard, personas } = await import('@jpki/simulator');
  const { serveVpcd } = await import('@jpki/simulator/vpcd');
  const persona = personas.find(({ name }) => name === options.persona);
  if (persona === undefined)
    throw new UsageError(`--persona ${options.persona} (${personas.map(({ name }) => name).join(', ')})`);
  const { state: stateFile } = options;
  const card = await openVirtualCard({
    persona,
    pki: await openSimulatorPki(),
    ...(stateFile !== undefined && { stateFile }),
  });
  const serving = messages.simulator.serving(persona.name, options.vpcd);
  const document = { serving: { persona: persona.name, vpcd: options.vpcd } };
  const waiting = () => {
    if (!signal.aborted) output.say(messages.simulator.waiting(options.vpcd));
  };
  await serveVpcd(card, {
    host,
    port,
    signal,
    onConnected: () => (output.json ? output.line(JSON.stringify(document)) : output.line(serving)),
    onDisconnected: waiting,
    onWaiting: waiting,
  });
  signal.throwIfAborted();
}

/** @throws {UsageError} for anything but HOST:PORT. */
function addressFrom(text: string): { readonly host: string; readonly port: number } {
  const at = text.lastIndexOf(':');
  const host = text.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const port = Number(text.slice(at + 1));
  if (at < 1 || !Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError(`--vpcd ${text}`);
  return { host, port };
}
