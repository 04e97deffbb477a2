import { type Certificate, readCertificate, type Signer } from '@jpki/core';
import type { Argv, CommandModule } from 'yargs';
import type { OpenedCard } from '../card/open-card.ts';
import { useCard } from '../card/use-card.ts';
import { NotInThisVersionError } from '../errors.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { oneLine } from '../output.ts';
import { PinSource } from '../pin/pin-source.ts';
import { commandSignal, type Program } from '../program.ts';
import { type MadeSignature, makeSignature, writeSignature } from '../signing/signature-output.ts';
import { type SigningJob, SigningJobs } from '../signing/signing-job.ts';

const FORMATS = ['cades', 'pades', 'xades', 'asic', 'raw'] as const;
const LEVELS = ['B', 'T', 'LT', 'LTA'] as const;
const KEYS = ['sign', 'auth'] as const;

interface SignOptions {
  readonly file: string[];
  readonly output: string | undefined;
  readonly format: (typeof FORMATS)[number] | undefined;
  readonly detached: boolean;
  readonly key: (typeof KEYS)[number];
  readonly timestamp: string | undefined;
  readonly level: (typeof LEVELS)[number];
  readonly profile: string | undefined;
  readonly force: boolean;
}

/** `jpki sign`: documents in, signatures out; one PIN for all of them. */
export function signCommand(program: Program): CommandModule<object, SignOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'sign <file..>',
    describe: commands.sign,
    // The options of later versions are known, so that the answer can be "not in this version", and not shown.
    builder: (yargs: Argv): Argv<SignOptions> =>
      yargs
        .positional('file', { type: 'string', array: true, demandOption: true, describe: options.file })
        .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: options.signOutput })
        .option('format', { choices: FORMATS, requiresArg: true, describe: options.signFormat })
        .option('detached', { type: 'boolean', default: false, describe: options.detached })
        .option('key', { choices: KEYS, default: 'sign' as const, requiresArg: true, describe: options.key })
        .option('timestamp', { type: 'string', requiresArg: true, hidden: true })
        .option('level', { choices: LEVELS, default: 'B' as const, requiresArg: true, hidden: true })
        .option('profile', { type: 'string', requiresArg: true, hidden: true })
        .option('force', { type: 'boolean', default: false, describe: options.force }),
    handler: (args) => sign(program, args, commonArguments(args)),
  };
}

async function sign(program: Program, options: SignOptions, common: CommonOptions): Promise<void> {
  refuseLaterVersions(options);
  const signal = commandSignal(program, common);
  const prepared = await SigningJobs.prepare({ ...options, files: options.file }, signal);
  try {
    const pin = await PinSource.prepare(options.key, common, program);
    const { certificate, signatures } = await useCard(program, common, signal, (opened) => {
      announce(program, opened.reader, prepared.jobs, options.key);
      return pin.spend(opened, signal, (pinOptions) =>
        opened.application[options.key].withSigner(pinOptions, (signer) =>
          signAll(prepared.jobs, signer, { key: options.key, opened }),
        ),
      );
    }).finally(() => pin[Symbol.dispose]());
    for (const [job, signature] of signatures) {
      await writeSignature(job, signature, signal);
      if (!program.output.json) program.output.say(program.messages.sign.written(job.output.path));
    }
    if (program.output.json) program.output.document(results(prepared.jobs, certificate));
    else tellHowToVerify(program, prepared.jobs, common.card);
  } finally {
    await prepared[Symbol.asyncDispose]();
  }
}

function refuseLaterVersions({ timestamp, level, profile }: SignOptions): void {
  if (timestamp !== undefined) throw new NotInThisVersionError('--timestamp');
  if (level !== 'B') throw new NotInThisVersionError(`--level ${level}`);
  if (profile !== undefined) throw new NotInThisVersionError('--profile');
}

/** What a person should know before they type the password. */
function announce(
  { output, messages }: Program,
  reader: string,
  jobs: readonly SigningJob[],
  key: 'sign' | 'auth',
): void {
  output.say(messages.sign.reader(oneLine(reader)));
  for (const { source, sha256 } of jobs) {
    output.say(messages.sign.file(source.path, source.length));
    output.say(messages.sign.sha256(hex(sha256)));
  }
  if (key === 'sign') output.say(messages.sign.attributesVisible);
}

/** A first-time user should see the other half of the work. A bare RSA block is for other software to verify. */
function tellHowToVerify({ output, messages }: Program, jobs: readonly SigningJob[], card: string): void {
  const made = jobs.filter(({ form }) => form !== 'raw');
  if (made.length === 0) return;
  const words = made.map((job) => job.output.path);
  const [job, ...others] = made;
  // Where verify does not find the document by itself.
  if (job?.form === 'detached' && others.length === 0 && job.output.path !== `${job.source.path}.p7s`)
    words.push('--content', job.source.path);
  if (card.startsWith('sim:')) words.push('--trust', 'simulator');
  output.say(messages.sign.verifyHint(`jpki verify ${words.map(asTyped).join(' ')}`));
}

/** A word that a shell takes as one. */
function asTyped(word: string): string {
  return /^[\p{L}\p{N}_./@%+=:,-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

interface Signed {
  readonly certificate: Certificate;
  readonly signatures: readonly (readonly [SigningJob, MadeSignature])[];
}

/** Everything the card is needed for; the outputs are written when it is locked again. */
async function signAll(
  jobs: readonly SigningJob[],
  signer: Signer,
  { key, opened }: { readonly key: 'sign' | 'auth'; readonly opened: OpenedCard },
): Promise<Signed> {
  const signatures: [SigningJob, MadeSignature][] = [];
  for (const job of jobs) {
    const signingTime = opened.card.circumstances.now();
    const request = { contentDigest: job.sha256, signingTime };
    if (job.form !== 'raw')
      opened.recording?.expectSignature(key, { ...request, certificate: signer.certificate });
    signatures.push([job, await makeSignature(job, signer, signingTime)]);
  }
  return { certificate: readCertificate(signer.certificate), signatures };
}

function results(jobs: readonly SigningJob[], certificate: Certificate): object {
  return {
    results: jobs.map(({ source, output, form, sha256 }) => ({
      input: source.path,
      output: output.path,
      format: form === 'raw' ? 'raw' : 'cades',
      sha256: hex(sha256),
      certificateSerial: certificate.serialNumberText,
    })),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
