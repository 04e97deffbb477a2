import { fromHex } from '@jpki/iso7816';
import { gregorianDate } from '../calendar/japanese-era.ts';
import { cardDates } from '../card-dates.ts';
import { cardTlv } from '../card-tlv.ts';
import type { CardMaking } from './application.ts';
import { refuse } from './refusal.ts';

/** A data object of the card manager. */
export interface DataObject {
  /** Where GET DATA finds it; every one but the ATR only while no application is selected (card-protocol.md 1.4). */
  readonly place: 'card-manager' | 'application' | 'everywhere';
  contents(): Promise<Uint8Array>;
}

/** The data objects of the card by P1-P2. */
export type DataObjects = ReadonlyMap<number, DataObject>;

/** ATR that GET DATA 5F51 tells: the contact one, without its first byte (card-protocol.md 1.4). */
const CONTACT_ATR = fromHex('E000FF8131FE4514');

/**
 * Card recognition data: card management by GlobalPlatform 2.1.1, with secure channel protocol 02, option 15
 * (GlobalPlatform Card Specification, appendix H.2, H.3). The arc is told, the rest is our choice.
 */
const RECOGNITION_DATA = cardTlv(
  0x66,
  cardTlv(
    0x73,
    fromHex('06072A864886FC6B01'),
    cardTlv(0x60, fromHex('060A2A864886FC6B02020101')),
    cardTlv(0x63, fromHex('06072A864886FC6B03')),
    cardTlv(0x64, fromHex('06092A864886FC6B040215')),
  ),
);

/** The data objects of a persona's card (card-protocol.md 1.4); a phone and the old 住基カード have none. */
export function dataObjects(making: CardMaking): DataObjects {
  const { persona, variants } = making;
  const objects = new Map<number, DataObject>();
  if (persona.card.applications === 'jpki-only') return objects;
  const add = (tag: number, contents: () => Promise<Uint8Array>) =>
    objects.set(tag, { place: 'card-manager', contents });
  const { municipalityCode } = persona.holder;
  const chain = () => making.pki.cardLevelChain(municipalityCode);
  if (variants.otherDataObjects === 'present') {
    add(0x0042, async () => (await chain()).root);
    add(0x0045, async () => Buffer.from(persona.numbers.serialNumber, 'latin1'));
    add(0x0066, async () => RECOGNITION_DATA);
    add(0x00f7, async () => (await chain()).intermediate);
  }
  add(0x00f0, async () => Buffer.from(municipalityCode, 'latin1'));
  add(0x00f2, async () => Buffer.from(gregorianDate(cardDates(persona, making.now).expiry), 'latin1'));
  add(0x00f8, async () => (await chain()).upper);
  add(0x7f21, async () =>
    variants.lowerCertificate === '9000' ? (await chain()).lower : refuse(variants.lowerCertificate),
  );
  if (variants.contactAtrObject !== 'nowhere')
    objects.set(0x5f51, { place: variants.contactAtrObject, contents: async () => CONTACT_ATR });
  return objects;
}
