import { worstStatus } from '@jpki/core/trust';
import type { Argv, CommandModule } from 'yargs';
import { NotInThisVersionError, UsageError } from '../errors.ts';
import { loadVerdictTexts } from '../locales/messages.ts';
import { commonArguments, IDLE, leaveOut } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { trustFrom } from '../verifying/trust-option.ts';
import { exitOfVerdict, verdictLines, verdictSignatures } from '../verifying/verdict-report.ts';
import { verifyFile } from '../verifying/verify-file.ts';

interface VerifyOptions {
  readonly file: string[];
  readonly content: string | undefined;
  readonly trust: string[];
  readonly crl: string[] | undefined;
  readonly ocsp: string | undefined;
  readonly revocation: 'off' | undefined;
  readonly at: string | undefined;
  readonly profile: string | undefined;
  readonly 'show-attributes': boolean;
}

/** `jpki verify`: signatures in, a verdict out; its exit code is the worst of all files. */
export function verifyCommand(program: Program): CommandModule<object, VerifyOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'verify <file..>',
    describe: commands.verify,
    // The options of later versions are known, so that the answer can be "not in this version", and not shown.
    builder: (yargs: Argv): Argv<VerifyOptions> =>
      leaveOut(yargs, IDLE.readsFiles)
        .positional('file', { type: 'string', array: true, demandOption: true, describe: options.file })
        .option('content', { type: 'string', requiresArg: true, describe: options.content })
        .option('trust', { type: 'string', array: true, default: [], describe: options.trust })
        .option('crl', { type: 'string', array: true, hidden: true })
        .option('ocsp', { type: 'string', requiresArg: true, hidden: true })
        .option('revocation', { choices: ['off'] as const, requiresArg: true, describe: options.revocation })
        .option('at', { type: 'string', requiresArg: true, describe: options.at })
        .option('profile', { type: 'string', requiresArg: true, hidden: true })
        .option('show-attributes', {
          type: 'boolean',
          default: false,
          describe: options['show-attributes'],
        }),
    handler: (args) => verify(program, args, commandSignal(program, commonArguments(args))),
  };
}

async function verify(program: Program, options: VerifyOptions, signal: AbortSignal): Promise<void> {
  for (const name of ['crl', 'ocsp', 'profile'] as const) {
    if (options[name] !== undefined) throw new NotInThisVersionError(`--${name}`);
  }
  const { output, messages } = program;
  const revocationOff = options.revocation === 'off';
  const texts = await loadVerdictTexts(messages.language);
  const style = { texts, revocationOff, showAttributes: options['show-attributes'] };
  const at = options.at === undefined ? undefined : momentFrom(options.at);
  const request = { content: options.content, trust: await trustFrom(options.trust), revocationOff, at };
  const verdicts = [];
  for (const file of options.file) verdicts.push({ file, verdict: await verifyFile(file, request, signal) });
  const status = worstStatus(verdicts.map(({ verdict }) => verdict.status));
  if (output.json) {
    const signatures = verdicts.flatMap(({ file, verdict }) => verdictSignatures(file, verdict, style));
    const open = new Map(
      verdicts.flatMap(({ verdict }) => verdict.notChecked).map((each) => [each.code, each]),
    );
    output.document({
      verdict: status,
      files: verdicts.map(({ file, verdict }) => ({ file, verdict: verdict.status })),
      signatures,
      notChecked: [...open.values()],
    });
  } else {
    for (const { file, verdict } of verdicts)
      for (const line of verdictLines(file, verdict, style)) output.line(line);
  }
  program.exitCode = exitOfVerdict(status);
}

/** A moment in ISO 8601: a date (its first second in UTC), or a date and time. @throws {UsageError}. */
function momentFrom(text: string): Date {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
  const moment = new Date(text);
  if (!form.test(text) || Number.isNaN(moment.getTime())) throw new UsageError(`--at ${text}`);
  return moment;
}
