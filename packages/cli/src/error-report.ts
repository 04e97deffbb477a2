import type { SecretReference } from '@jpki/applets';
import type { PinFormatViolation } from '@jpki/iso7816';
import { type ExitCode, exitCodeOf } from './exit-codes.ts';
import type { Language } from './language.ts';
import { loadErrorTexts } from './locales/messages.ts';
import type { ErrorTexts, Facts, Messages, Sentence, Whereabouts } from './locales/texts.ts';
import { oneLine } from './output.ts';

/** An error as a person and a script hear of it. */
export interface ErrorReport {
  readonly code: string;
  readonly exitCode: ExitCode;
  /** One sentence in the person's language. */
  readonly message: string;
  /** The class of what can be done next, stable. */
  readonly remedy: string;
  /** What can be done next, in the person's language. */
  readonly advice: string;
  readonly triesLeft: number | undefined;
}

/** What is known of an error, whichever package threw it. */
interface Known {
  readonly code: string;
  readonly remedy: string;
  readonly violation?: PinFormatViolation | undefined;
  readonly facts: Omit<Facts, 'pin'>;
}

/** An error as `--json` tells it. */
export function errorDocument({ code, message, remedy, advice, triesLeft }: ErrorReport): object {
  return { error: { code, message, remedy, advice, ...(triesLeft !== undefined && { triesLeft }) } };
}

/** Puts an error into words: by its code, never by its class. */
export async function reportError(error: unknown, messages: Messages): Promise<ErrorReport> {
  const { code, remedy, violation, facts: known } = knownOf(error);
  const { byCode, advice, violations, reasons } = await loadErrorTexts(messages.language);
  const text = byCode[code];
  const pin = known.reference ? messages.card.pins[known.reference] : '';
  const said = await wordsOfPcsc(error, messages.language);
  const reason = violation ? violations[violation] : inWords(known.reason, reasons);
  const facts: Facts = { ...known, pin, reason };
  const message = text === undefined ? facts.detail : fill(text.message, facts);
  return {
    code,
    exitCode: exitCodeOf(code),
    message: said !== undefined && TOLD_BY_PCSC.has(code) ? said : message,
    remedy,
    advice: text?.advice === undefined ? (advice[remedy] ?? '') : fill(text.advice, facts),
    triesLeft: facts.triesLeft,
  };
}

/** Errors that say little without what the service said, which is a sentence of its own. */
const TOLD_BY_PCSC: ReadonlySet<string> = new Set([
  'ERR_PCSC_COMMUNICATION',
  'ERR_PCSC_PROTOCOL',
  'ERR_PCSC_UNSUPPORTED',
  'ERR_PCSC_INTERNAL',
]);

/** What the PC/SC service said, in the person's language; with the reader, as the English message has it. */
async function wordsOfPcsc(error: unknown, language: Language): Promise<string | undefined> {
  const { scardCode, readerName }: Readonly<Record<string, unknown>> = { ...asRecord(error) };
  if (typeof scardCode !== 'number') return undefined;
  const { describeScardCode } = await import('@jpki/pcsc');
  const words = describeScardCode(scardCode)?.[language];
  return words && (typeof readerName === 'string' ? `${words} (${oneLine(readerName)})` : words);
}

/** A system's code stays beside its words: whoever looks for help looks for it. */
function inWords(reason: string, words: ErrorTexts['reasons']): string {
  const said = words[reason];
  if (said === undefined) return reason;
  return /^E[A-Z0-9]+$/.test(reason) ? `${said} (${reason})` : said;
}

function fill(sentence: Sentence, facts: Facts): string {
  return typeof sentence === 'string' ? sentence : sentence(facts);
}

function knownOf(error: unknown): Known {
  if (!(error instanceof Error)) return internal(String(error));
  const fields: Readonly<Record<string, unknown>> = { ...error };
  const code = fields['code'];
  // Every error of ours has such a code; Node's own have codes too, but they are accidents here.
  const ours = typeof code === 'string' && ('remedy' in error || isCoreCode(code));
  if (!ours) return internal(`${error.name}: ${error.message}`);
  const facts: Readonly<Record<string, unknown>> = { ...asRecord(fields['facts']) };
  return {
    code,
    remedy: text(fields['remedy']) || 'none',
    violation: VIOLATIONS.find((violation) => violation === fields['violation']),
    facts: {
      subject: oneLine(text(facts['subject'])),
      reason: oneLine(text(facts['reason'])),
      reference: asReference(fields['reference']),
      whereabouts: asWhereabouts(fields['whereabouts']),
      triesLeft: typeof fields['triesLeft'] === 'number' ? fields['triesLeft'] : undefined,
      detail: oneLine(error.message),
    },
  };
}

function internal(detail: string): Known {
  const unknown = { reference: undefined, triesLeft: undefined, whereabouts: [] };
  const facts = { subject: '', reason: '', ...unknown, detail };
  return { code: 'ERR_INTERNAL', remedy: 'report-fault', facts };
}

/** Errors of `core` carry a code and no remedy. */
function isCoreCode(code: string): boolean {
  return ['ERR_DER', 'ERR_CERTIFICATE_FORMAT', 'ERR_CMS_FORMAT', 'ERR_SIGNATURE_MISMATCH'].includes(code);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asRecord(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

const VIOLATIONS: readonly PinFormatViolation[] = [
  'empty',
  'too-short',
  'too-long',
  'character',
  'not-mixed',
];

const REFERENCES: readonly SecretReference[] = [
  'sign',
  'auth',
  'text',
  'resident',
  'number-a',
  'number-b',
  'birth',
];

function asReference(value: unknown): SecretReference | undefined {
  return REFERENCES.find((reference) => reference === value);
}

const PINS: readonly Whereabouts['pin'][] = ['old', 'new', 'old-or-new'];

/** Which PIN each application has, as an error about a change tells it. */
function asWhereabouts(value: unknown): readonly Whereabouts[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    const fields: Readonly<Record<string, unknown>> = { ...asRecord(each) };
    const pin = PINS.find((name) => name === fields['pin']);
    return pin === undefined ? [] : [{ application: text(fields['application']), pin }];
  });
}
