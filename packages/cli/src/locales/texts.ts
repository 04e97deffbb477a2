import type { SecretReference } from '@jpki/applets';
import type { FindingCode, Hierarchy, NotChecked, VerdictStatus } from '@jpki/core/trust';
import type { PinFormatViolation } from '@jpki/iso7816';
import type { AtrWords } from '../atr-lines.ts';
import type { Language } from '../language.ts';
import type { ParserTexts } from './parser-texts.ts';

/** What a sentence about an error may be filled with. */
export interface Facts {
  /** A file, option or reader, as the person named it. */
  readonly subject: string;
  /** A reason given by the system or by yargs. */
  readonly reason: string;
  /** Which PIN, by its official name; empty when none is concerned. */
  readonly pin: string;
  /** Which PIN, for advice that differs by PIN. */
  readonly reference: SecretReference | undefined;
  /** Which PIN each application has after a change that went wrong. */
  readonly whereabouts: readonly Whereabouts[];
  /** Tries left, or `undefined` when unknown. */
  readonly triesLeft: number | undefined;
  /** The message of the error itself (English). */
  readonly detail: string;
}

/** Which PIN an application has. */
export interface Whereabouts {
  /** Official Japanese name of the application. */
  readonly application: string;
  readonly pin: 'old' | 'new' | 'old-or-new';
}

/** A sentence, or one that is filled with facts. */
export type Sentence = string | ((facts: Facts) => string);

/** One error in one language: what happened, and what to do. Without `advice` the remedy's general words serve. */
export interface ErrorText {
  readonly message: Sentence;
  readonly advice?: Sentence;
}

/** Errors by code, and advice by remedy. */
export interface ErrorTexts {
  readonly byCode: Readonly<Record<string, ErrorText>>;
  readonly advice: Readonly<Record<string, string>>;
  /** What is wrong with the form of a PIN. */
  readonly violations: Readonly<Record<PinFormatViolation, string>>;
  /** What the system or a reader of files said, in words; by the system's code, or by our English. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** One finding: what is wrong, and what to do about it. */
export interface FindingText {
  readonly message: string;
  readonly advice: string;
}

/** Words of `jpki verify`. */
export interface VerdictTexts {
  readonly verdicts: Readonly<Record<VerdictStatus, string>>;
  /** One sentence for a person who has never read a verdict. */
  readonly meanings: Readonly<Record<VerdictStatus, string>>;
  /** Stands beside `valid` when `--revocation off` was given, always (security.md (g)). */
  readonly revocationOff: string;
  readonly findings: Readonly<Record<FindingCode, FindingText>>;
  readonly notChecked: Readonly<Record<NotChecked['code'], string>>;
  readonly labels: Readonly<
    Record<'signedBy' | 'issuer' | 'serial' | 'signedAt' | 'notChecked' | 'format', string>
  >;
  readonly attributes: Readonly<Record<'name' | 'address' | 'birthDate' | 'sex', string>>;
  readonly sexes: Readonly<Record<string, string>>;
  readonly noSigner: string;
  /** Said of every trust that proves nothing about a real person's signature. */
  readonly hierarchies: Readonly<Partial<Record<Hierarchy, string>>>;
}

export type CommandName =
  | 'readers'
  | 'status'
  | 'pin'
  | 'pinStatus'
  | 'pinChange'
  | 'attributes'
  | 'myNumber'
  | 'face'
  | 'cardFace'
  | 'cert'
  | 'sign'
  | 'verify'
  | 'sim'
  | 'simServe'
  | 'simPersonas'
  | 'simPki'
  | 'apdu'
  | 'trace'
  | 'traceShow'
  | 'traceDiff'
  | 'traceReplay'
  | 'traceExport'
  | 'traceImport'
  | 'doctor';

export type OptionName =
  | 'help'
  | 'version'
  | 'card'
  | 'json'
  | 'lang'
  | 'timeout'
  | 'no-input'
  | 'allow-last-try'
  | 'pin-fd'
  | 'pin-stdin'
  | 'pin-pad'
  | 'watch'
  | 'format'
  | 'output'
  | 'verify'
  | 'signOutput'
  | 'state'
  | 'signFormat'
  | 'detached'
  | 'key'
  | 'force'
  | 'content'
  | 'trust'
  | 'revocation'
  | 'at'
  | 'show-attributes'
  | 'persona'
  | 'vpcd'
  | 'file'
  | 'certificate'
  | 'folder'
  | 'whichPin'
  | 'new-pin-fd'
  | 'show'
  | 'code'
  | 'code-fd'
  | 'secure-messaging'
  | 'recordTrust'
  | 'photoOutput'
  | 'pageOutput'
  | 'apdu'
  | 'script'
  | 'allow-pin-commands'
  | 'trace'
  | 'synthesize'
  | 'traceFile'
  | 'traceOther'
  | 'traceLog'
  | 'verbose'
  | 'no-data'
  | 'ignore'
  | 'exportFormat'
  | 'exportOutput'
  | 'importOutput'
  | 'logFormat'
  | 'holder'
  | 'logReader';

/** Words for the help screens. */
export interface HelpTexts {
  readonly commands: Readonly<Record<CommandName, string>>;
  readonly options: Readonly<Record<OptionName, string>>;
  readonly groups: Readonly<Record<'own' | 'common' | 'pin', string>>;
  readonly epilogue: string;
  readonly usage: string;
  readonly commandMissing: string;
  readonly parser: ParserTexts;
}

/** Names of cards, PINs and certificates, and the lines that commands print. */
export interface CardTexts {
  readonly kinds: Readonly<Record<string, string>>;
  readonly pins: Readonly<Record<SecretReference, string>>;
  readonly labels: Readonly<
    Record<
      | 'reader'
      | 'card'
      | 'cardExpiry'
      | 'cardId'
      | 'token'
      | 'applications'
      | 'certificates'
      | 'validity'
      | 'renewableFrom'
      | 'subject'
      | 'issuer'
      | 'serial'
      | 'fingerprint'
      | 'pins'
      | 'period',
      string
    >
  >;
  readonly certificates: Readonly<Record<'sign' | 'auth', string>>;
  readonly present: string;
  readonly absent: string;
  readonly noCard: string;
  readonly noReaders: string;
  /** Said instead of the kind of a card that another program holds. */
  readonly inUse: string;
  readonly atr: AtrWords;
  /** Said when a connection takes long. */
  readonly waiting: string;
  /** Lines of `jpki readers --watch`. */
  readonly changes: Readonly<
    Record<'reader-added' | 'reader-removed' | 'card-removed' | 'service-stopped' | 'service-started', string>
  >;
  readonly triesOf: (left: number, max: number) => string;
  readonly blocked: string;
  /** Said of a PIN that the card does not have. */
  readonly noPin: string;
  readonly daysLeft: (days: number) => string;
  readonly expired: string;
  readonly applications: Readonly<Record<string, string>>;
}

/** Lines that appear while signing and asking for a PIN. */
export interface SignTexts {
  readonly reader: (name: string) => string;
  /** Said when a keypad begins to wait for a PIN. */
  readonly typeOnPad: (pin: string, seconds: number) => string;
  /** Said to whoever interrupts while a keypad waits. */
  readonly padWaits: string;
  readonly file: (path: string, bytes: number) => string;
  readonly sha256: (hex: string) => string;
  readonly triesLeft: (pin: string, left: number, max: number) => string;
  readonly fewTries: (left: number) => string;
  readonly attributesVisible: string;
  readonly askPin: (pin: string, hint: string) => string;
  /** What the secret looks like, by its characters; takes the least length. */
  readonly pinHints: Readonly<Record<'digits' | 'upper-alphanumeric', (length: number) => string>>;
  readonly upperCased: string;
  readonly personaPin: (persona: string, pin: string) => string;
  readonly lastTryQuestion: (pin: string, word: string) => string;
  readonly written: (path: string) => string;
  readonly lockLost: string;
  /** The same where nothing was signed. */
  readonly cardGone: string;
  readonly verifyHint: (command: string) => string;
}

/** Lines of `jpki pin change`. */
export interface PinChangeTexts {
  readonly askNew: (pin: string, hint: string) => string;
  readonly askAgain: string;
  readonly differ: string;
  readonly changed: (pin: string) => string;
}

/** Lines of `jpki sim`. */
export interface SimulatorTexts {
  readonly serving: (persona: string, address: string) => string;
  readonly waiting: (address: string) => string;
  readonly pkiWritten: (folder: string) => string;
}

/** What every command may say, in one language. Errors and verdicts are loaded when there is one. */
export interface Messages {
  readonly language: Language;
  readonly help: HelpTexts;
  readonly card: CardTexts;
  readonly sign: SignTexts;
  readonly pinChange: PinChangeTexts;
  readonly simulator: SimulatorTexts;
}
