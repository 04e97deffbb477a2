import { CommonApplication, JpkiApplication } from '@jpki/applets';
import { At, word } from './fault-moments.ts';
import { withPassword, withPin } from './fault-pins.ts';
import { authenticate, signDocuments } from './golden-jpki.ts';
import { change, readAttributes } from './golden-records.ts';
import { pinOf, type Scenario } from './scenario.ts';

const REFUSED: readonly Scenario[] = [
  {
    file: 'pin-refused',
    title: 'a card that does not compare the PIN',
    faults: [word(At.VERIFY_PIN, 0x6700)],
    expect: 'ERR_PIN_REFUSED',
    run: withPin('1234'),
  },
  {
    file: 'pin-required-signature',
    title: 'a key that is locked although the PIN was right',
    faults: [word(At.SIGN, 0x6982)],
    expect: 'ERR_PIN_REQUIRED',
    run: (user) => authenticate(user),
  },
  {
    file: 'pin-required-phone',
    title: 'an Android phone wants a PIN for the certificate, and none is given',
    persona: 'phone-android',
    expect: 'ERR_PIN_REQUIRED',
    run: ({ card }) => new JpkiApplication(card).auth.certificate(),
  },
  {
    file: 'change-refused',
    title: 'a card that refuses the new PIN',
    faults: [word(At.CHANGE, 0x6a80)],
    expect: 'ERR_PIN_CHANGE_REFUSED',
    run: (user) => change(user, 'text'),
  },
  {
    file: 'change-answer-lost',
    title: 'the card is removed while it changes the PIN: old or new, nobody knows',
    faults: [{ at: { command: At.CHANGE }, kind: 'remove', executed: true }],
    expect: 'ERR_PIN_CHANGE_UNKNOWN',
    run: (user) => change(user, 'auth'),
  },
  {
    file: 'change-second-home-lost',
    title: 'the PIN for the resident register is changed in one place, and the card is removed at the other',
    faults: [{ at: { command: At.CHANGE_JICSAP, nth: 2 }, kind: 'remove', executed: true }],
    expect: 'ERR_PIN_CHANGE_UNKNOWN',
    run: (user) => change(user, 'resident'),
  },
  {
    file: 'change-wrong-old-pin',
    title: 'a PIN is not changed with a wrong old one',
    expect: 'ERR_PIN_INCORRECT',
    run: (user) => change({ ...user, secrets: { ...user.secrets, auth: () => pinOf('0000') } }, 'auth'),
  },
  {
    file: 'change-by-other-command',
    title: 'a card that changes the PIN for the resident register by another command',
    variants: { residentChange: 'change-reference-data' },
    run: (user) => change(user, 'resident'),
  },
];

const LOST: readonly Scenario[] = (
  [
    ['removed', { kind: 'remove', executed: true }, 'the card is removed'],
    ['reset', { kind: 'reset', executed: true }, 'another program resets the card'],
    ['cut', { kind: 'truncate', length: 1, executed: true }, 'one byte arrives'],
  ] as const
).flatMap(([kind, fault, what]): Scenario[] => [
  {
    file: `pin-answer-lost-${kind}`,
    title: `the answer to a PIN is lost: ${what}`,
    faults: [{ at: { command: At.VERIFY_PIN }, ...fault }],
    expect: 'ERR_PIN_OUTCOME_UNKNOWN',
    run: (user) => authenticate(user),
  },
  {
    file: `password-answer-lost-${kind}`,
    title: `the answer to a password is lost: ${what}`,
    faults: [{ at: { command: At.VERIFY_PASSWORD }, ...fault }],
    expect: 'ERR_PIN_OUTCOME_UNKNOWN',
    run: (user) => signDocuments(user),
  },
]);

const ABSENT: readonly Scenario[] = [
  {
    file: 'absent-certificate',
    title: 'a child has no certificate for digital signatures: no password is sent',
    persona: 'child',
    expect: 'ERR_CERTIFICATE_ABSENT',
    run: withPassword('ABC123'),
  },
  {
    file: 'absent-certificate-file',
    title: 'a card without certificates',
    persona: 'no-certificates',
    expect: 'ERR_CERTIFICATE_ABSENT',
    run: ({ card }) => new JpkiApplication(card).auth.certificate(),
  },
  {
    file: 'absent-application',
    title: 'a phone has no application for the text of the card face',
    persona: 'phone-iphone',
    expect: 'ERR_APPLICATION_NOT_FOUND',
    run: readAttributes,
  },
  {
    file: 'absent-application-juki',
    title: 'an old card of the resident register has no common application',
    persona: 'juki',
    expect: 'ERR_APPLICATION_NOT_FOUND',
    run: ({ card }) => new CommonApplication(card).cardRecord(),
  },
];

/** PINs that are refused, changed or lost on their way, and what is not on a card. */
export const USE_FAULTS: readonly Scenario[] = [...REFUSED, ...LOST, ...ABSENT];
