import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { type CardAtHand, cardMaker, SELECT_ISD, SELECT_JPKI, VERIFY_AUTH } from '../../test/card-at-hand.ts';
import { openSession, SELECT_TEXT, VERIFY_TEXT } from '../../test/secure-terminal.ts';
import {
  CARD_VARIANTS,
  type CardVariants,
  cardVariants,
  singleVariants,
  type VariantName,
  variantNames,
} from './index.ts';

const makeCard = await cardMaker();

const SELECT_VISUAL = '00A4040C0AD3921000310001010402';
const SELECT_COMMON = '00A4040C0AD3921000310001010100';
const SELECT_RESIDENT = '00A4040C0AD3921000310001010401';
const VERIFY_RESIDENT = '0020009C 04 33343536';
const WRONG_AUTH = '00200098 04 30303030';
const BLOCK_AUTH = [WRONG_AUTH, WRONG_AUTH, WRONG_AUTH];
const SIGN = (p1: string, p2: string, length = 32) =>
  `802A${p1}${p2}${length.toString(16).padStart(2, '0')}${'11'.repeat(length)}00`;
/** Open only while the 利用者証明用 PIN is verified. */
const PROBE_AUTH = SIGN('00', '97');
const DELIVER = `80AE00000001 00${'00'.repeat(256)}`;

type Probe = (atHand: CardAtHand) => Promise<string>;

/** The whole answer to the last of some commands. */
const last =
  (...commands: readonly string[]): Probe =>
  async ({ send }) => {
    let answer = '';
    for (const command of commands) answer = await send(command);
    return answer;
  };

/** Sends commands, resets the card in the reader, sends others; the last status word. */
const overReset =
  (before: readonly string[], after: readonly string[]): Probe =>
  async (atHand) => {
    await atHand.words(...before);
    atHand.card.reset();
    return last(...after)(atHand);
  };

/**
 * For each doubted fact a question to the card, whose answer tells the settings apart; where a setting spells a status
 * word, the answer ends in it.
 */
const probes: Readonly<Record<VariantName, Probe>> = {
  answerToReset: async ({ card }) => toHex(card.atr),
  firstCommand: last(SELECT_JPKI),
  warmResetStatus: overReset([SELECT_JPKI, VERIFY_AUTH], [SELECT_JPKI, PROBE_AUTH]),
  warmResetSelection: overReset([SELECT_JPKI], ['00B0880000']),
  sameApplicationStatus: last(SELECT_JPKI, VERIFY_AUTH, SELECT_JPKI, PROBE_AUTH),
  cardManagerStatus: last(SELECT_JPKI, VERIFY_AUTH, SELECT_ISD, SELECT_JPKI, PROBE_AUTH),
  cardManagerSelect: last(SELECT_ISD),
  masterFileAtPowerUp: last('00A40000'),
  masterFileInApplication: last(SELECT_JPKI, '00A40000'),
  masterFileById: last(SELECT_JPKI, '00A40000023F00'),
  partialName: last('00A4040C05D392F00026'),
  nextOccurrence: last('00A4040202D392'),
  nameLength: last('00A4040C'),
  selectInformation: last('00A404000AD392F00026010000000100'),
  efAtCardManager: last('00A4020C020001'),
  selectOtherwise: last(SELECT_JPKI, '00A4090C020006'),
  otherChannel: last('01A4040C01D3'),
  unknownClass: last('A0B0000001'),
  unknownInstruction: last('00DA000000'),
  wrongLength: last('00A404'),
  extendedRead: last(SELECT_JPKI, '00A4020C020006', '00B00000000000'),
  shortIdentifiers: last(SELECT_JPKI, '00B0860001'),
  leBeyondEnd: last(SELECT_JPKI, '00A4020C020008', '00B0000000'),
  offsetBeyondEnd: last(SELECT_JPKI, '00A4020C020008', '00B0000301'),
  fileFiller: last(SELECT_JPKI, '00B08A00000000'),
  wrongKindOfFile: last(SELECT_JPKI, '00B0970001'),
  shortIdentifier31: last(SELECT_JPKI, '0020009F'),
  recordRange: last(SELECT_COMMON, '00B2010D00'),
  currentRecord: last(SELECT_COMMON, '00B2010C00', '00B2000400'),
  recordAbsent: last(SELECT_COMMON, '00B2020C00'),
  challengeExtended: last('00840000000008'),
  challengeLength: async ({ send }) => `${(await send('0084000010')).length}`,
  smSelectElsewhere: last(SELECT_JPKI, '08A4020C020006'),
  smElsewhere: last(SELECT_JPKI, '08B0000001'),
  smOtherCommand: last(SELECT_JPKI, '0884000008'),
  lastCommandIndicator: last(SELECT_JPKI, '80FC0000'),
  blockedVerify: last(SELECT_JPKI, ...BLOCK_AUTH, VERIFY_AUTH),
  blockedQuery: last(SELECT_JPKI, ...BLOCK_AUTH, '00200098'),
  verifiedQuery: last(SELECT_JPKI, VERIFY_AUTH, '00200098'),
  queryWithLe: last(SELECT_JPKI, '0020009800'),
  verifyWrongLength: last(SELECT_JPKI, '00200098 05 3132333435'),
  verifyTooLong: last(SELECT_JPKI, `0020009B 11 ${'41'.repeat(17)}`),
  failedVerifyStatus: last(SELECT_JPKI, VERIFY_AUTH, WRONG_AUTH, PROBE_AUTH),
  changeUnverified: last(SELECT_JPKI, '00240198 04 39393939'),
  changeBadFormat: last(SELECT_JPKI, VERIFY_AUTH, '00240198 05 3939393939'),
  changedStatus: last(SELECT_JPKI, VERIFY_AUTH, '00240198 04 39393939', PROBE_AUTH),
  changeOtherwise: last(SELECT_TEXT, `00240194 0C ${'39'.repeat(12)}`),
  codeTries: last(SELECT_TEXT, '00200094'),
  residentPinHolder: async ({ words }) =>
    (await words(SELECT_COMMON, '00A4020C02001C', SELECT_RESIDENT, '00A4020C02001C')).join(),
  tokenPadding: last(SELECT_JPKI, '00B0860020'),
  certificateAbsent: last(SELECT_JPKI, '00B0880001'),
  unknownFiles: last(SELECT_JPKI, '00B0890001'),
  unknownKeys: async ({ words }) =>
    (await words(SELECT_JPKI, '00A4020C020019', SELECT_TEXT, '00A4020C020010')).join(),
  textBlockedKey: last(SELECT_TEXT, '00200092'),
  integrityRecordAccess: async (atHand) => {
    const year = Buffer.from(await atHand.send('00CA00F200'), 'hex')
      .toString('latin1')
      .slice(0, 4);
    const codeB = Buffer.from(`600615${year}4321`).toString('hex');
    return last(SELECT_TEXT, `00200095 0E ${codeB}`, '00B0830001')(atHand);
  },
  fillerFileAccess: last(SELECT_TEXT, '00B0880001'),
  contactAtrObject: async ({ words }) => (await words('00CA5F5100', SELECT_JPKI, '00CA5F5100')).join(),
  lowerCertificate: last('00CA7F21000000'),
  otherDataObjects: last('00CA004500'),
  dataObjectAbsent: last('00CA000100'),
  dataObjectInApplication: last(SELECT_JPKI, '00CA00F000'),
  largeObjectShortLe: last('00CA00F800'),
  birthTries: last(SELECT_VISUAL, '00200091'),
  visualFillerAccess: last(SELECT_VISUAL, '00B0860001'),
  visualUnknownKeys: last(SELECT_VISUAL, '00A4020C020014'),
  keyIdRecord: last(SELECT_COMMON, '00A4020C020002'),
  commonKey: last(SELECT_COMMON, '00A4020C020019'),
  residentTries: last(SELECT_RESIDENT, '0020009C'),
  residentChange: last(SELECT_RESIDENT, VERIFY_RESIDENT, '8032009C 04 39393939'),
  signFixedLength: last(SELECT_JPKI, VERIFY_AUTH, SIGN('02', '97', 31)),
  signTooLong: last(SELECT_JPKI, VERIFY_AUTH, SIGN('00', '97', 246)),
  signatureSchemes: last(SELECT_JPKI, VERIFY_AUTH, SIGN('02', '97')),
  unknownScheme: last(SELECT_JPKI, VERIFY_AUTH, SIGN('06', '97')),
  noDefaultKey: last(SELECT_JPKI, VERIFY_AUTH, SIGN('00', '00')),
  internalAuthenticateJpki: last(SELECT_JPKI, '0088009701 01 00'),
  internalAuthenticateFree: last(SELECT_TEXT, '0088009301 01 00'),
  terminalCertificate: last(SELECT_JPKI, `80A200C1000100${'00'.repeat(256)}`),
  secureMessaging: last(SELECT_TEXT, VERIFY_TEXT, DELIVER),
  sessionKeyForbidden: last(SELECT_JPKI, DELIVER),
  sessionKeyNotConfigured: last(SELECT_COMMON, DELIVER),
  sessionAtSameApplication: async (atHand) => {
    const { send, terminal } = await openSession(atHand);
    await send(SELECT_TEXT);
    return send(terminal.select('0001'));
  },
  sessionLengthForm: async (atHand) => {
    const { send, terminal } = await openSession(atHand);
    return (await send(terminal.read('8200', '0080'))).slice(0, 4);
  },
  sessionWithClass0C: async (atHand) => {
    const { send, terminal } = await openSession(atHand);
    await send('0CB0810001');
    return send(terminal.select('0001'));
  },
};

/** Facts that only another persona than the adult shows. */
const personas: Partial<Record<VariantName, 'child'>> = { certificateAbsent: 'child' };

const isStatusWord = (setting: string) => /^[69][0-9A-F]{3}$/.test(setting);

describe('the table of variants', () => {
  test.each(variantNames)('%s: each setting is another card', async (name) => {
    const { settings } = CARD_VARIANTS[name];
    const answers: string[] = [];
    for (const setting of settings) {
      const variants: Partial<CardVariants> = { [name]: setting };
      const atHand = await makeCard({ variants, persona: personas[name] ?? 'adult' });
      const answer = await probes[name](atHand);
      if (isStatusWord(setting)) expect(answer.slice(-4)).toBe(setting);
      answers.push(answer);
    }
    expect(new Set(answers).size).toBe(settings.length);
  });

  test('tells of every fact what it is, where it stands and how sure it is', () => {
    for (const name of variantNames) {
      const { section, mark, what, settings } = CARD_VARIANTS[name];
      expect(section).toMatch(/^\d+(\.\d+)?(, \d+(\.\d+)?)*$/);
      expect(['1', '2', '3', 'inf', '!', '?']).toContain(mark);
      expect(what.length).toBeGreaterThan(10);
      expect(new Set(settings).size).toBe(settings.length);
    }
  });

  test('makes a card of its first settings', () => {
    const defaults = variantNames.map((name) => [name, CARD_VARIANTS[name].settings[0]]);
    expect(cardVariants()).toEqual(Object.fromEntries(defaults));
  });

  test('gives every setting but the defaults one at a time', () => {
    const all = singleVariants();
    const others = variantNames.reduce((sum, name) => sum + CARD_VARIANTS[name].settings.length - 1, 0);
    expect(all).toHaveLength(others);
    expect(all).toContainEqual({ title: 'blockedVerify 6983', variants: { blockedVerify: '6983' } });
    expect(new Set(all.map(({ title }) => title)).size).toBe(others);
  });

  test('has no other names and settings', () => {
    const wrong: readonly Record<string, string>[] = [
      { toString: 'x' },
      { blockedVerify: '6985' },
      { no: '1' },
    ];
    for (const chosen of wrong) expect(() => cardVariants(chosen)).toThrow(RangeError);
    expect(cardVariants({ blockedVerify: undefined } as object).blockedVerify).toBe('6984');
  });
});
