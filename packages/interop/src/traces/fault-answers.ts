import { JpkiApplication } from '@jpki/applets';
import { type ChannelLayer, encodeResponse, fromHex, LinkError } from '@jpki/iso7816';
import type { Fault } from '@jpki/simulator';
import { At, word } from './fault-moments.ts';
import { withPin } from './fault-pins.ts';
import { authenticate, readAuthCertificate, signDocuments } from './golden-jpki.ts';
import { readMyNumber } from './golden-records.ts';
import type { CardUser, Scenario } from './scenario.ts';

const READ = '00B0';

/** A link that fails at the first command with these first bytes: the reader, the service or the protocol. */
function failing(code: string, command: string): () => ChannelLayer {
  const start = fromHex(command);
  return () => (inner) => ({
    ...inner,
    atr: inner.atr,
    transmit: (sent) =>
      start.every((byte, at) => byte === sent[at])
        ? Promise.reject(new LinkError('the link of a scenario fails', { code }))
        : inner.transmit(sent),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  });
}

/** A link that always has more to fetch: `61 left`, and `data` each time. */
function neverDone(data: Uint8Array, left: number): () => ChannelLayer {
  return () => (inner) => ({
    ...inner,
    atr: inner.atr,
    transmit: async (sent) => {
      if (sent[1] === 0xc0) return encodeResponse(0x6100 | left, data);
      const answer = await inner.transmit(sent);
      return answer.length === 2 ? answer : encodeResponse(0x6100 | left);
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  });
}

/** A link that gives no more than so many bytes of one answer. */
function shortening(command: string, length: number): () => ChannelLayer {
  const start = fromHex(command);
  return () => (inner) => ({
    ...inner,
    atr: inner.atr,
    transmit: async (sent) => {
      const answer = await inner.transmit(sent);
      const isIt = start.every((byte, at) => byte === sent[at]) && sent[start.length] === 0;
      return isIt ? Buffer.concat([answer.subarray(0, length), answer.subarray(-2)]) : answer;
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  });
}

const data = (bytes: Uint8Array, nth = 1): Fault => ({
  at: { command: READ, nth },
  kind: 'data',
  data: bytes,
});

/** What is announced, and how often. */
const LENGTHS: readonly Scenario[] = [
  {
    file: 'answer-never-ends',
    title: 'a card that has more to fetch for ever',
    link: neverDone(new Uint8Array(4), 4),
    expect: 'ERR_CARD_LIMIT',
    run: readAuthCertificate,
  },
  {
    file: 'answer-announced-and-empty',
    title: 'a card that announces the rest of an answer, and gives nothing of it',
    link: neverDone(new Uint8Array(), 16),
    expect: 'ERR_CARD_LIMIT',
    run: readAuthCertificate,
  },
  {
    file: 'length-never-right',
    title: 'a card to which every length is wrong, also the one that it named',
    faults: [word(READ, 0x6c00, 'every')],
    expect: 'ERR_CARD_STATUS_WORD',
    run: readAuthCertificate,
  },
  {
    file: 'answer-too-long',
    title: 'more bytes than were asked for',
    faults: [data(new Uint8Array(300))],
    expect: 'ERR_CARD_DATA_INVALID',
    run: readAuthCertificate,
  },
  {
    file: 'answer-nothing',
    title: 'an answer without a byte',
    faults: [{ at: { command: READ }, kind: 'truncate', length: 0 }],
    expect: 'ERR_CARD_MALFORMED_RESPONSE',
    run: readAuthCertificate,
  },
  {
    file: 'answer-without-status-word',
    title: 'data without the status word behind it',
    faults: [{ at: { command: READ }, kind: 'truncate', length: 256, executed: true }],
    expect: 'ERR_CARD_STATUS_WORD',
    run: readAuthCertificate,
  },
  {
    file: 'read-short',
    title: 'fewer bytes than were asked for, in the middle of a certificate: reading goes on behind them',
    link: shortening(`${READ}01`, 100),
    run: readAuthCertificate,
  },
  {
    file: 'file-cut-short',
    title: 'a file that ends before the certificate in it does',
    faults: [word(`${READ}03`, 0x6b00)],
    expect: 'ERR_CARD_DATA_INVALID',
    run: readAuthCertificate,
  },
  {
    file: 'file-blank',
    title: 'a blank file in place of a certificate',
    faults: [data(new Uint8Array(256).fill(0xff))],
    expect: 'ERR_CARD_DATA_INVALID',
    run: readAuthCertificate,
  },
];

/** What is plausible and wrong. */
const WORDS: readonly Scenario[] = [
  {
    file: 'status-word-unknown',
    title: 'a status word that no document has',
    faults: [word(READ, 0x1234)],
    expect: 'ERR_CARD_STATUS_WORD',
    run: readAuthCertificate,
  },
  {
    file: 'counter-of-another-pin',
    title: 'five tries left of a PIN that has three: no PIN is sent',
    faults: [word(At.QUERY, 0x63c5)],
    expect: 'ERR_PIN_COUNTER_IMPLAUSIBLE',
    run: withPin('1234'),
  },
  {
    file: 'counter-rises',
    title: 'a wrong PIN after which more tries are left',
    triesLeft: { auth: 2 },
    faults: [word(At.VERIFY_PIN, 0x63c3), word(At.QUERY, 0x63c3, 3)],
    expect: 'ERR_PIN_COUNTER_IMPLAUSIBLE',
    run: withPin('0000'),
  },
  {
    file: 'signature-zero',
    title: 'a signature of nothing but zeros is withheld',
    faults: [{ at: { command: At.SIGN }, kind: 'data', data: new Uint8Array(256) }],
    expect: 'ERR_CARD_SIGNATURE_INVALID',
    run: (user) => authenticate(user),
  },
];

const LOCK = '00A4040C07A000000151';

/** What happens to the link, and after the work is done. */
const LINKS: readonly Scenario[] = [
  {
    file: 'link-communication',
    title: 'the reader fails while a certificate is read',
    link: failing('ERR_PCSC_COMMUNICATION', `${READ}03`),
    expect: 'ERR_PCSC_COMMUNICATION',
    run: readAuthCertificate,
  },
  {
    file: 'link-unresponsive',
    title: 'the card does not answer any more while it signs',
    link: failing('ERR_PCSC_UNRESPONSIVE_CARD', At.SIGN),
    expect: 'ERR_PCSC_UNRESPONSIVE_CARD',
    run: (user) => authenticate(user),
  },
  {
    file: 'link-unpowered',
    title: 'another program turned the power of the card off: a PIN is not sent again',
    link: failing('ERR_PCSC_UNPOWERED_CARD', At.VERIFY_PIN),
    expect: 'ERR_PIN_OUTCOME_UNKNOWN',
    run: (user) => authenticate(user),
  },
  {
    file: 'link-service-gone',
    title: 'the smart card service stops while the counter is asked',
    link: failing('ERR_PCSC_NO_SERVICE', At.QUERY),
    expect: 'ERR_PCSC_NO_SERVICE',
    run: ({ card }) => new JpkiApplication(card).triesLeft(),
  },
  {
    file: 'lock-removed',
    title: 'the card is removed after it signed, before it is locked: the signature is good',
    faults: [{ at: { command: LOCK }, kind: 'remove' }],
    run: (user) => signDocuments(user),
  },
];

/** The last READ BINARY under secure messaging. */
const READ_SECURED = '08B0';

const secured = (user: CardUser) => readMyNumber(user, { secureMessaging: true });

/** Under secure messaging. */
const SECURED: readonly Omit<Scenario, 'knownKeys'>[] = [
  {
    file: 'secured-bit-flip',
    title: 'one bit of an encrypted answer is wrong',
    faults: [{ at: { command: READ_SECURED }, kind: 'bit-flip', bit: 8 * 30 }],
    expect: 'ERR_SECURE_MESSAGING',
    run: secured,
  },
  {
    file: 'secured-in-clear',
    title: 'an answer in clear where an encrypted one is due',
    faults: [{ at: { command: READ_SECURED }, kind: 'data', data: fromHex('FF100C') }],
    expect: 'ERR_SECURE_MESSAGING',
    run: secured,
  },
  {
    file: 'secured-refused',
    title: 'a card that has lost its key for secure messaging',
    faults: [word(READ_SECURED, 0x6988)],
    expect: 'ERR_CARD_STATUS_WORD',
    run: secured,
  },
  {
    file: 'secured-removed',
    title: 'the card is removed while an encrypted file is read',
    faults: [{ at: { command: READ_SECURED }, kind: 'remove' }],
    expect: 'ERR_CARD_REMOVED',
    run: secured,
  },
  {
    file: 'secured-reset',
    title: 'another program resets the card while an encrypted file is read',
    faults: [{ at: { command: READ_SECURED }, kind: 'reset' }],
    expect: 'ERR_CARD_RESET',
    run: secured,
  },
];

/** The rest of the list of faults: what answers, words and links can be beside what every operation meets. */
export const ANSWER_FAULTS: readonly Scenario[] = [
  ...LENGTHS,
  ...WORDS,
  ...LINKS,
  ...SECURED.map((scenario): Scenario => ({ ...scenario, knownKeys: true })),
];
