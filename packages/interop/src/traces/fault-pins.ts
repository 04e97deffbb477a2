import { JpkiApplication, TextApplication } from '@jpki/applets';
import { At, word } from './fault-moments.ts';
import { change } from './golden-records.ts';
import { type CardUser, pinOf, type Scenario } from './scenario.ts';

/** Opens the key for user authentication with a PIN, and does nothing with it. */
export function withPin(pin: string): Scenario['run'] {
  return ({ card }) =>
    new JpkiApplication(card).auth.withSigner({ pin: pinOf(pin) }, () => Promise.resolve());
}

/** The same with the key for digital signatures. */
export function withPassword(password: string): Scenario['run'] {
  return ({ card }) =>
    new JpkiApplication(card).sign.withSigner({ pin: pinOf(password) }, () => Promise.resolve());
}

async function wrongTwice(user: CardUser): Promise<void> {
  await withPin('0000')(user).catch(() => undefined);
  user.heading('the same PIN again: it is not sent');
  await withPin('0000')(user);
}

/** The person was shown three tries; meanwhile somebody else spent one. */
function asked({ card, secrets }: CardUser): Promise<void> {
  const pin = () => Promise.resolve(secrets.auth());
  return new JpkiApplication(card).auth.withSigner({ pin }, () => Promise.resolve());
}

const WRONG: readonly Scenario[] = [
  {
    file: 'pin-wrong-auth',
    title: 'a wrong PIN for user authentication',
    expect: 'ERR_PIN_INCORRECT',
    run: withPin('0000'),
  },
  {
    file: 'pin-wrong-sign',
    title: 'a wrong password for digital signatures',
    expect: 'ERR_PIN_INCORRECT',
    run: withPassword('WRONG1'),
  },
  {
    file: 'pin-wrong-text',
    title: 'a wrong PIN for the text of the card face',
    expect: 'ERR_PIN_INCORRECT',
    run: ({ card }) =>
      new TextApplication(card).attributes({ secret: { pin: pinOf('0000') }, trust: 'unproven' }),
  },
  {
    file: 'pin-wrong-number-b',
    title: 'a wrong verification number B',
    expect: 'ERR_PIN_INCORRECT',
    run: ({ card }) =>
      new TextApplication(card).attributes({
        secret: { numberB: pinOf('60010120991111') },
        trust: 'unproven',
      }),
  },
  {
    file: 'pin-wrong-told-by-6300',
    title: 'a wrong PIN on a card that does not tell the counter with it',
    expect: 'ERR_PIN_INCORRECT',
    faults: [
      word(At.VERIFY_PIN, 0x6300),
      { at: { command: At.QUERY, nth: 3 }, kind: 'status-word', sw: 0x63c2 },
    ],
    run: withPin('0000'),
  },
  {
    file: 'pin-known-wrong',
    title: 'a PIN that the card refused before is not sent again',
    expect: 'ERR_PIN_KNOWN_WRONG',
    run: wrongTwice,
  },
  {
    file: 'pin-format',
    title: 'a PIN that cannot be right: nothing is sent',
    expect: 'ERR_PIN_FORMAT',
    run: withPin('12345'),
  },
  {
    file: 'pin-last-try',
    title: 'one try is left, and nobody agreed to spend it',
    expect: 'ERR_PIN_LAST_TRY',
    triesLeft: { auth: 1 },
    run: withPin('0000'),
  },
  {
    file: 'pin-last-try-spent',
    title: 'the last try is spent with consent, and the PIN is blocked',
    expect: 'ERR_PIN_BLOCKED',
    triesLeft: { auth: 1 },
    run: ({ card }) =>
      new JpkiApplication(card).auth.withSigner({ pin: pinOf('0000'), allowLastTry: { expected: 1 } }, () =>
        Promise.resolve(),
      ),
  },
];

const BLOCKED: readonly Scenario[] = [
  {
    file: 'pin-blocked-auth',
    title: 'a blocked PIN: the counter says so, and nothing is sent',
    persona: 'blocked',
    expect: 'ERR_PIN_BLOCKED',
    run: withPin('1234'),
  },
  {
    file: 'pin-blocked-sign',
    title: 'a blocked password',
    persona: 'blocked',
    expect: 'ERR_PIN_BLOCKED',
    run: withPassword('ABC123'),
  },
  {
    file: 'pin-blocked-query-6984',
    title: 'a card that answers the question for a blocked counter with 6984',
    persona: 'blocked',
    variants: { blockedQuery: '6984' },
    expect: 'ERR_PIN_BLOCKED',
    run: withPin('1234'),
  },
  {
    file: 'pin-blocked-query-6983',
    title: 'a card that answers the question for a blocked counter with 6983',
    persona: 'blocked',
    variants: { blockedQuery: '6983' },
    expect: 'ERR_PIN_BLOCKED',
    run: withPin('1234'),
  },
  {
    file: 'pin-blocked-verify-6984',
    title: 'a PIN that is blocked although the counter said otherwise',
    faults: [word(At.VERIFY_PIN, 0x6984)],
    expect: 'ERR_PIN_BLOCKED',
    run: withPin('1234'),
  },
  {
    file: 'pin-blocked-change',
    title: 'a blocked PIN is not changed',
    persona: 'blocked',
    expect: 'ERR_PIN_BLOCKED',
    run: (user) => change(user, 'resident'),
  },
];

const COUNTERS: readonly Scenario[] = [
  {
    file: 'counter-implausible',
    title: 'more tries left than this PIN can have: no PIN is sent',
    faults: [word(At.QUERY, 0x63cf)],
    expect: 'ERR_PIN_COUNTER_IMPLAUSIBLE',
    run: withPin('1234'),
  },
  {
    file: 'counter-not-told',
    title: 'a card that does not tell the counter: no PIN is sent',
    faults: [word(At.QUERY, 0x6a88)],
    expect: 'ERR_PIN_COUNTER_IMPLAUSIBLE',
    run: withPin('1234'),
  },
  {
    file: 'counter-always-verified',
    title: 'a PIN that stays verified after the card was locked',
    faults: [word(At.QUERY, 0x9000, 'every')],
    expect: 'ERR_PIN_COUNTER_IMPLAUSIBLE',
    run: withPin('1234'),
  },
  {
    file: 'counter-jumps',
    title: 'a wrong PIN after which the counter is not one less',
    faults: [
      word(At.VERIFY_PIN, 0x63c0 + 3),
      { at: { command: At.QUERY, nth: 3 }, kind: 'status-word', sw: 0x63c3 },
    ],
    expect: 'ERR_PIN_COUNTER_IMPLAUSIBLE',
    run: withPin('0000'),
  },
  {
    file: 'counter-changed',
    title: 'the counter changes while a person types: no PIN is sent',
    faults: [{ at: { command: At.QUERY, nth: 2 }, kind: 'status-word', sw: 0x63c2 }],
    expect: 'ERR_PIN_COUNTER_CHANGED',
    run: asked,
  },
];

/** What can happen before a PIN is taken. */
export const PIN_FAULTS: readonly Scenario[] = [...WRONG, ...BLOCKED, ...COUNTERS];
