import {
  type Attributes,
  type CvAnchor,
  type PinOptions,
  type Proof,
  type SecretReference,
  TextApplication,
  VisualApplication,
} from '@jpki/applets';
import type { Card } from '@jpki/iso7816';
import type { Argv, CommandModule } from 'yargs';
import { useCard } from '../card/use-card.ts';
import { loadRecordTexts } from '../locales/messages.ts';
import type { RecordTexts } from '../locales/record-texts.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { exitOfProof, proofDocument, proofLines } from '../records/proof-report.ts';
import { prepareSecret, type RecordOptions, recordOptions } from '../records/record-options.ts';
import { cvTrustFrom } from '../verifying/trust-option.ts';

/** `jpki attributes`: the 基本4情報, and whether they are genuine. */
export function attributesCommand(program: Program): CommandModule<object, RecordOptions> {
  const { help } = program.messages;
  return {
    command: 'attributes',
    describe: help.commands.attributes,
    builder: (yargs: Argv): Argv<RecordOptions> => recordOptions(yargs, help),
    handler: (args) => showAttributes(program, args, commonArguments(args)),
  };
}

/** What was read. The birth date alone opens nothing but itself. */
interface Read {
  readonly attributes: Pick<Attributes, 'birthDate'> & Partial<Attributes>;
  readonly proof: Proof;
}

async function showAttributes(
  program: Program,
  options: RecordOptions,
  common: CommonOptions,
): Promise<void> {
  const { output, messages } = program;
  const signal = commandSignal(program, common);
  const trust = await cvTrustFrom(options.trust);
  const { reference, source } = await prepareSecret(options, ['number-b', 'birth'], { common, program });
  const { attributes, proof } = await useCard(program, common, signal, (opened) =>
    source.spend(opened, signal, (pin) => read(opened.card, reference, pin, trust)),
  ).finally(() => source[Symbol.dispose]());
  const texts = await loadRecordTexts(messages.language);
  program.exitCode = exitOfProof(proof);
  if (output.json) {
    const nothing = { name: null, address: null, birthDate: null, sex: null };
    output.document({ ...nothing, ...attributes, ...proofDocument(proof, texts) });
    return;
  }
  for (const line of attributeLines(attributes, texts)) output.line(line);
  for (const line of proofLines(proof, texts)) output.line(line);
}

async function read(
  card: Card,
  reference: SecretReference,
  { pin, ...options }: PinOptions,
  trust: readonly CvAnchor[],
): Promise<Read> {
  if (reference === 'birth') {
    const { birthDate, proof } = await new VisualApplication(card).ageRecord({
      ...options,
      birth: pin,
      trust,
    });
    return { attributes: { birthDate }, proof };
  }
  const secret = reference === 'number-b' ? { numberB: pin } : { pin };
  return new TextApplication(card).attributes({ ...options, secret, trust });
}

function attributeLines(attributes: Read['attributes'], { labels, sexes }: RecordTexts): string[] {
  const { name, address, birthDate, sex } = attributes;
  const rows = [
    [labels.name, name],
    [labels.address, address],
    [labels.birthDate, birthDate],
    [labels.sex, sex && sexes[sex]],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${value}`]));
}
