import { type MyNumberOptions, type ProvenMyNumber, TextApplication } from '@jpki/applets';
import type { Argv, CommandModule } from 'yargs';
import type { OpenedCard } from '../card/open-card.ts';
import { useCard } from '../card/use-card.ts';
import { CliError } from '../errors.ts';
import { loadRecordTexts } from '../locales/messages.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { PinSource } from '../pin/pin-source.ts';
import { commandSignal, type Program } from '../program.ts';
import { exitOfProof, proofDocument, proofLines } from '../records/proof-report.ts';
import {
  prepareSecret,
  type RecordOptions,
  type RecordSecret,
  recordOptions,
} from '../records/record-options.ts';
import { cvTrustFrom } from '../verifying/trust-option.ts';

interface MyNumberCommandOptions extends RecordOptions {
  readonly show: boolean;
  readonly 'secure-messaging': boolean;
}

/** `jpki my-number --show`: the 個人番号, when it is asked for by name. */
export function myNumberCommand(program: Program): CommandModule<object, MyNumberCommandOptions> {
  const { help } = program.messages;
  return {
    command: 'my-number',
    describe: help.commands.myNumber,
    builder: (yargs: Argv): Argv<MyNumberCommandOptions> =>
      recordOptions(yargs, help)
        .option('show', { type: 'boolean', default: false, describe: help.options.show })
        .option('secure-messaging', {
          type: 'boolean',
          default: false,
          describe: help.options['secure-messaging'],
        }),
    handler: (args) => showMyNumber(program, args, commonArguments(args)),
  };
}

async function showMyNumber(
  program: Program,
  options: MyNumberCommandOptions,
  common: CommonOptions,
): Promise<void> {
  if (!options.show) throw new CliError('ERR_SHOW_MISSING', 'correct-command');
  const { output, messages } = program;
  const signal = commandSignal(program, common);
  const trust = await cvTrustFrom(options.trust);
  const isProtected = options['secure-messaging'];
  const context = { common, program, isPinUsedToo: isProtected };
  const secret = await prepareSecret(options, ['number-a'], context);
  // Encryption begins with the PIN, whatever opens the number.
  const withPin = isProtected && secret.reference !== 'text';
  const pin = withPin ? await PinSource.prepare('text', common, program) : undefined;
  const { myNumber, proof } = await useCard(program, common, signal, (opened) =>
    read(opened, signal, { secret, pin, isProtected, trust, agreedTries: common.allowLastTry }),
  ).finally(() => {
    secret.source[Symbol.dispose]();
    pin?.[Symbol.dispose]();
  });
  const texts = await loadRecordTexts(messages.language);
  program.exitCode = exitOfProof(proof);
  if (output.json) output.document({ myNumber: myNumber.reveal(), ...proofDocument(proof, texts) });
  else {
    output.say(texts.myNumberLaw);
    output.line(`${texts.labels.myNumber}: ${myNumber.reveal()}`);
    for (const line of proofLines(proof, texts)) output.line(line);
  }
}

interface Reading extends Pick<MyNumberOptions, 'trust'> {
  readonly secret: RecordSecret;
  /** The PIN beside the code, for encryption. */
  readonly pin: PinSource | undefined;
  readonly isProtected: boolean;
  /** `--allow-last-try`. */
  readonly agreedTries: number | undefined;
}

function read(opened: OpenedCard, signal: AbortSignal, reading: Reading): Promise<ProvenMyNumber> {
  const { secret, pin, isProtected, trust, agreedTries } = reading;
  // Of the option only: an answer to a question is about the one secret that was asked for.
  const allowLastTry = agreedTries === undefined ? undefined : { expected: agreedTries };
  const application = new TextApplication(opened.card);
  return secret.source.spend(opened, signal, async ({ pin: source, ...options }) => {
    if (pin === undefined) {
      const opener = secret.reference === 'text' ? { pin: source } : { numberA: source };
      return application.myNumber({ ...options, secret: opener, trust, secureMessaging: isProtected });
    }
    const secureMessaging = { pin: (await pin.pinOptions(opened, signal)).pin, allowLastTry };
    // Both counters would come without saying whose they are.
    const quiet = { ...options, onTriesLeft: undefined };
    return application.myNumber({ ...quiet, secret: { numberA: source }, trust, secureMessaging });
  });
}
