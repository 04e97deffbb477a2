import { toHex } from '@jpki/iso7816';

/**
 * Applications of other cards, for which programs look before they come to ours: how their DF names begin, in hex.
 *
 * @provenance card drivers of OpenSC 0.26 (`card-*.c`), NIST SP 800-73-4, OpenPGP card 3.4; none is on this card.
 */
const FOREIGN: readonly (readonly [start: string, name: string])[] = [
  ['A000000308', 'PIV'],
  ['D27600012401', 'OpenPGP'],
  ['A000000397425446', 'GIDS'],
  ['A000000116DB00', 'GSC-IS'],
  ['A0000000790', 'CAC'],
  ['A0000000791', 'CAC'],
  ['E82B0601040181C31F0201', 'SmartCard-HSM'],
  ['F276A288BCFBA69D34F31001', 'IsoApplet'],
  ['A00000000101', 'MuscleCard'],
  ['627601FF000000', 'CoolKey'],
  ['D23300000045737445494420', 'EstEID'],
  ['A000000063504B43532D3135', 'PKCS#15'],
  ['E828BD080F', 'ISO/IEC 7816-15'],
  ['A0000002471001', 'eMRTD'],
  ['A00000015141434C00', 'ARA-M'],
];

/** What an application that is not of this card is called; `undefined` where nobody told. */
export function foreignApplication(aid: Uint8Array): string | undefined {
  const name = toHex(aid);
  return FOREIGN.find(([start]) => name.startsWith(start))?.[1];
}
