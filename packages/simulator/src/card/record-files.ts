import { gregorianDate } from '../calendar/japanese-era.ts';
import { cardDates } from '../card-dates.ts';
import { cardTlv } from '../card-tlv.ts';
import { keyId } from '../test-pki/card-verifiable.ts';
import type { Application, CardMaking } from './application.ts';
import { type ElementaryFile, pinFile, type RecordFile } from './elementary-file.ts';

/** AIDs of the 共通カードAP and the 住基AP (card-protocol.md 2). */
const COMMON_AID: Uint8Array = Buffer.from('D3921000310001010100', 'hex');
const RESIDENT_AID: Uint8Array = Buffer.from('D3921000310001010401', 'hex');

/** EF of the PIN in both applications: one PIN for its holder, two on the card (card-protocol.md 6). */
const RESIDENT_PIN_ID = 0x001c;

/** EF 0002 of both: the same key id, of which no certificate is known (card-protocol.md 6). */
const NAMED_KEY = keyId({ number: '9000010', suffix: '001' });

/** Tag of the one record there is (card-protocol.md 6). */
const FIRST_RECORD = 0x01;

/** The 共通カードAP on a persona's card: the card's number, a key that answers INTERNAL AUTHENTICATE, the PIN (card-protocol.md 6). */
export function commonApplication(making: CardMaking): Application {
  const { persona, pki, variants } = making;
  const files = new Map<number, ElementaryFile>();
  files.set(0x0001, recordFile(cardRecord(making)));
  if (variants.keyIdRecord === 'present') files.set(0x0002, recordFile(NAMED_KEY));
  if (variants.commonKey === 'present') {
    const privateKey = () => pki.cardKey(persona, 'common-authentication');
    files.set(0x0019, { kind: 'key', use: 'authentication', access: 'free', privateKey });
  }
  if (variants.residentPinHolder !== 'resident') addPin(files, making);
  files.set(0x001e, { kind: 'opaque' });
  return { name: 'common', aid: COMMON_AID, files, sessionKey: 'not-configured' };
}

/** The 住基AP on a persona's card: its PIN, and nothing that it opens (card-protocol.md 6). */
export function residentApplication(making: CardMaking): Application {
  const files = new Map<number, ElementaryFile>();
  if (making.variants.keyIdRecord === 'present') files.set(0x0002, recordFile(NAMED_KEY));
  if (making.variants.residentPinHolder !== 'common') addPin(files, making);
  return { name: 'resident', aid: RESIDENT_AID, files, sessionKey: 'forbidden' };
}

/** EF 0001: serial number 15 digits, 市区町村コード 5, expiry YYYYMMDD (card-protocol.md 6). */
function cardRecord({ persona, now }: CardMaking): Buffer {
  const expiry = gregorianDate(cardDates(persona, now).expiry);
  const text = `${persona.numbers.serialNumber}${persona.holder.municipalityCode}${expiry}`;
  return Buffer.from(text, 'latin1');
}

function recordFile(value: Uint8Array): RecordFile {
  const record = cardTlv(FIRST_RECORD, value);
  return { kind: 'records', access: 'free', records: async () => [record] };
}

/** The 住民基本台帳用 PIN: 4 digits, changed by JICSAP's CHANGE KEY `80 32` (card-protocol.md 3.5, 6). */
function addPin(files: Map<number, ElementaryFile>, { persona, variants }: CardMaking): void {
  const secret = persona.pins.resident;
  if (secret === undefined) return;
  const settings = {
    digitsOnly: true,
    length: [4, 4],
    maxTries: Number(variants.residentTries),
    triesLeft: persona.triesLeft?.resident,
    change: variants.residentChange,
  } as const;
  files.set(RESIDENT_PIN_ID, pinFile(secret, settings));
}
