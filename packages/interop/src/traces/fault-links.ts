import { CardManager, JpkiApplication } from '@jpki/applets';
import type { Fault } from '@jpki/simulator';
import { At } from './fault-moments.ts';
import { authenticate, readAuthCertificate, signDocuments } from './golden-jpki.ts';
import { change, readAge, readAttributes, readCardRecord, readMyNumber } from './golden-records.ts';
import type { CardUser, Scenario } from './scenario.ts';

/** An operation, and the command of it at which something happens. */
interface Operation {
  readonly words: string;
  readonly at: Exclude<Fault['at'], number>;
  readonly run: (user: CardUser) => Promise<unknown>;
}

type OperationName =
  | 'select'
  | 'counter'
  | 'certificate'
  | 'authenticate'
  | 'sign'
  | 'attributes'
  | 'challenge'
  | 'my-number'
  | 'age'
  | 'card-record'
  | 'manager'
  | 'change';

const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  select: {
    words: 'while the application is selected',
    at: { command: '00A4040C0AD392F00026' },
    run: ({ card }) => new JpkiApplication(card).triesLeft(),
  },
  counter: {
    words: 'while the counter is asked',
    at: { command: At.QUERY },
    run: ({ card }) => new JpkiApplication(card).triesLeft(),
  },
  certificate: {
    words: 'in the middle of a certificate',
    at: { command: '00B0', nth: 3 },
    run: readAuthCertificate,
  },
  authenticate: {
    words: 'while the card signs',
    at: { command: At.SIGN },
    run: (user) => authenticate(user),
  },
  sign: {
    words: 'while the card signs a document',
    at: { command: At.SIGN },
    run: (user) => signDocuments(user),
  },
  attributes: { words: 'while the attributes are read', at: { command: '00B0' }, run: readAttributes },
  challenge: { words: 'while the card proves itself', at: { command: At.SIGN }, run: readAttributes },
  'my-number': {
    words: 'while the Individual Number is read',
    at: { command: '00B0' },
    run: (user) => readMyNumber(user),
  },
  age: { words: 'while the age record is read', at: { command: '00B0' }, run: readAge },
  'card-record': { words: 'while the card record is read', at: { command: '00B2' }, run: readCardRecord },
  manager: {
    words: 'while the card manager is asked',
    at: { command: '00CA' },
    run: ({ card }) => new CardManager(card).municipality(),
  },
  change: {
    words: 'while the PIN is changed',
    at: { command: At.CHANGE },
    run: (user) => change(user, 'text'),
  },
};

const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];

type KindName = 'removed' | 'reset' | 'cut' | '6f00' | 'empty' | 'bit-flip' | 'delay';

const KINDS: Readonly<
  Record<KindName, { readonly words: string; readonly fault: (at: Fault['at']) => Fault }>
> = {
  removed: { words: 'the card is removed', fault: (at) => ({ at, kind: 'remove' }) },
  reset: { words: 'another program resets the card', fault: (at) => ({ at, kind: 'reset' }) },
  cut: {
    words: 'one byte of the answer arrives',
    fault: (at) => ({ at, kind: 'truncate', length: 1, executed: true }),
  },
  '6f00': { words: 'the card answers 6F00', fault: (at) => ({ at, kind: 'status-word', sw: 0x6f00 }) },
  empty: {
    words: 'the card answers 9000 without data',
    fault: (at) => ({ at, kind: 'status-word', sw: 0x9000 }),
  },
  'bit-flip': {
    words: 'one bit of the answer is wrong',
    fault: (at) => ({ at, kind: 'bit-flip', bit: 100 }),
  },
  delay: { words: 'the card takes its time', fault: (at) => ({ at, kind: 'delay', milliseconds: 300 }) },
};

const KIND_NAMES = Object.keys(KINDS) as KindName[];

const LOST = {
  removed: 'ERR_CARD_REMOVED',
  reset: 'ERR_CARD_RESET',
  cut: 'ERR_CARD_MALFORMED_RESPONSE',
  '6f00': 'ERR_CARD_STATUS_WORD',
} as const;
const INVALID = { empty: 'ERR_CARD_DATA_INVALID', 'bit-flip': 'ERR_CARD_DATA_INVALID' } as const;
const WRONG_SIGNATURE = {
  empty: 'ERR_CARD_SIGNATURE_INVALID',
  'bit-flip': 'ERR_CARD_SIGNATURE_INVALID',
} as const;

/**
 * What each ends with; a combination that is absent says nothing about the program. A reset in the middle of reading is
 * mended, and so is a first command that fails; what was signed or changed is never asked for twice.
 */
const ENDS: Readonly<Record<OperationName, Readonly<Partial<Record<KindName, string>>>>> = {
  select: { ...LOST, reset: 'success', '6f00': 'success', empty: 'ERR_CARD_STATUS_WORD' },
  counter: { ...LOST, '6f00': 'ERR_PIN_COUNTER_IMPLAUSIBLE', empty: 'success' },
  certificate: { ...LOST, reset: 'success', empty: 'ERR_CARD_DATA_INVALID', delay: 'success' },
  authenticate: { ...LOST, ...WRONG_SIGNATURE, delay: 'success' },
  sign: { ...LOST, ...WRONG_SIGNATURE },
  attributes: { ...LOST, ...INVALID },
  challenge: { ...LOST, empty: 'ERR_CARD_FORGED', 'bit-flip': 'ERR_CARD_FORGED' },
  'my-number': { ...LOST, ...INVALID, 'bit-flip': 'ERR_CARD_FORGED' },
  age: { ...LOST, ...INVALID },
  'card-record': { ...LOST, reset: 'success', empty: 'ERR_CARD_DATA_INVALID' },
  manager: { ...LOST, reset: 'success', empty: 'ERR_CARD_DATA_INVALID' },
  change: {
    removed: 'ERR_PIN_CHANGE_UNKNOWN',
    reset: 'ERR_PIN_CHANGE_UNKNOWN',
    cut: 'ERR_PIN_CHANGE_UNKNOWN',
    '6f00': 'ERR_PIN_CHANGE_REFUSED',
  },
};

/** Every kind of fault at the command that matters of every operation. */
export const LINK_FAULTS: readonly Scenario[] = OPERATION_NAMES.flatMap((name) =>
  KIND_NAMES.flatMap((kind): Scenario[] => {
    const expect = ENDS[name][kind];
    if (expect === undefined) return [];
    const { words, at, run } = OPERATIONS[name];
    const title = `${KINDS[kind].words} ${words}`;
    return [{ file: `${name}-${kind}`, title, faults: [KINDS[kind].fault(at)], expect, run }];
  }),
);
