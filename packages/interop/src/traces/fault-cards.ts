import { JpkiApplication, TextApplication } from '@jpki/applets';
import { type ChannelLayer, fromHex } from '@jpki/iso7816';
import type { FaultScript } from '@jpki/simulator';
import { DIGEST } from './expectations.ts';
import { authenticate, ECONOMY, readAuthCertificate, signDocuments } from './golden-jpki.ts';
import { readAge, readAttributes, readMyNumber } from './golden-records.ts';
import type { CardUser, Scenario } from './scenario.ts';

/** Most data bytes that the link below gives at once. */
const AT_ONCE = 128;

/** A link of the protocol T=0: what a command gives must be fetched with GET RESPONSE (ISO/IEC 7816-3:2006, 12.2). */
function fetching(): ChannelLayer {
  return (inner) => {
    let rest = new Uint8Array();
    let word = new Uint8Array();
    const announced = () => Uint8Array.of(0x61, Math.min(rest.length, 256) & 0xff);
    return {
      ...inner,
      atr: inner.atr,
      transmit: async (command) => {
        if (command[1] === 0xc0) {
          const piece = rest.subarray(0, AT_ONCE);
          rest = rest.slice(AT_ONCE);
          return Buffer.concat([piece, rest.length > 0 ? announced() : word]);
        }
        const answer = await inner.transmit(command);
        if (answer.length === 2) return answer;
        rest = answer.slice(0, -2);
        word = answer.slice(-2);
        return announced();
      },
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    };
  };
}

/** Data in place of what the `nth` READ BINARY gives. */
function instead(data: Uint8Array, nth = 1): FaultScript {
  return [{ at: { command: '00B0', nth }, kind: 'data', data }];
}

/** A wrong bit in the middle of what the `nth` such command gives. */
function flipped(command: string, nth = 1, bit = 8 * 60): FaultScript {
  return [{ at: { command, nth }, kind: 'bit-flip', bit }];
}

const secured = ({ card, secrets }: CardUser) =>
  new TextApplication(card).myNumber({
    secret: { pin: secrets.text() },
    trust: 'unproven',
    secureMessaging: true,
  });

/** Cards that do it their own way, and which the program must take as they are. */
const TOLERATED: readonly Scenario[] = [
  {
    file: 'link-61',
    title: 'a link that announces every answer with 61xx',
    link: fetching,
    run: (user) => authenticate(user),
  },
  {
    file: 'link-6c',
    title: 'a card that answers a length beyond the end of the file with 6Cxx',
    variants: { leBeyondEnd: '6Cxx' },
    run: async (user) => {
      await readAuthCertificate(user);
      await readMyNumber(user);
    },
  },
  {
    file: 'first-command-6f00',
    title: 'a card that fails the first command after it was powered up',
    variants: { firstCommand: '6F00' },
    run: readAuthCertificate,
  },
  {
    file: 'extended-refused',
    title: 'a card that refuses extended lengths',
    card: ECONOMY,
    variants: { extendedRead: '6700' },
    run: readAuthCertificate,
  },
  {
    file: 'short-ids-refused',
    title: 'a card that refuses short file identifiers',
    card: ECONOMY,
    variants: { shortIdentifiers: '6A86' },
    run: (user) => authenticate(user),
  },
  {
    file: 'counter-of-verified-9000',
    title: 'a card that answers 9000 to the question for the counter of a verified PIN',
    variants: { verifiedQuery: '9000' },
    run: async (user) => {
      await authenticate(user);
      await readAttributes(user);
    },
  },
];

/** Answers that are not what they should be. */
const WRONG: readonly Scenario[] = [
  {
    file: 'signature-wrong-sign',
    title: 'a signature over a document with a wrong bit is withheld',
    faults: flipped('802A'),
    expect: 'ERR_CARD_SIGNATURE_INVALID',
    run: (user) => signDocuments(user),
  },
  {
    file: 'signature-short',
    title: 'a signature of half its length is withheld',
    faults: [{ at: { command: '802A' }, kind: 'data', data: new Uint8Array(128).fill(0x5a) }],
    expect: 'ERR_CARD_SIGNATURE_INVALID',
    run: (user) => authenticate(user),
  },
  {
    file: 'certificate-wrong-key',
    title: 'a certificate with a wrong bit in its key: what the card signs is withheld',
    faults: flipped('00B0', 2, 8 * 200),
    expect: 'ERR_CARD_SIGNATURE_INVALID',
    run: ({ card, secrets }) =>
      new JpkiApplication(card).auth.withSigner({ pin: secrets.auth() }, (signer) =>
        signer.sign('sha256', DIGEST),
      ),
  },
  {
    file: 'record-forged-attributes',
    title: 'an address with a wrong bit: the record does not prove it',
    faults: flipped('00B0', 1, 8 * 60 + 7),
    expect: 'ERR_CARD_FORGED',
    run: readAttributes,
  },
  {
    file: 'record-forged-age',
    title: 'the signature of the age record has a wrong bit',
    faults: flipped('00B0', 2, 8 * 200),
    expect: 'ERR_CARD_FORGED',
    run: readAge,
  },
  {
    file: 'file-endless',
    title: 'a file that claims to be 16 MB',
    faults: instead(Buffer.concat([fromHex('3083FFFFFF'), new Uint8Array(251)])),
    expect: 'ERR_CARD_LIMIT',
    run: readAuthCertificate,
  },
  {
    file: 'file-erased',
    title: 'an erased file in place of a certificate',
    faults: instead(new Uint8Array(256)),
    expect: 'ERR_CARD_DATA_INVALID',
    run: readAuthCertificate,
  },
  {
    file: 'file-no-certificate',
    title: 'another object in place of a certificate',
    faults: instead(fromHex('30050203010001')),
    expect: 'ERR_CARD_DATA_INVALID',
    run: readAuthCertificate,
  },
  {
    file: 'secure-messaging-refused',
    title: 'a card that takes no session key',
    variants: { secureMessaging: '66F1' },
    expect: 'ERR_CARD_STATUS_WORD',
    run: secured,
  },
];

export const CARD_FAULTS: readonly Scenario[] = [...TOLERATED, ...WRONG];
