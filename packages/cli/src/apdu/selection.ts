import { cardMap } from '@jpki/applets/card-map';
import { encodeCommand, fromHex, Ins } from '@jpki/iso7816';

/** Words for the applications, as `jpki status --json` names them, and their names in the card's map. */
const NAMES: Readonly<Record<string, string>> = {
  jpki: 'JPKI',
  text: 'input support',
  visual: 'card surface',
  resident: 'resident register',
  common: 'common',
};

/** What `select` takes by name. */
export const SELECTABLE: readonly string[] = Object.keys(NAMES);

/** Length of an application identifier, bytes (ISO/IEC 7816-4:2020, 12.2.3). */
const AID_LENGTH = { min: 5, max: 16 } as const;

/** Length of a file identifier, bytes. */
const FILE_ID_LENGTH = 2;

/**
 * SELECT for an application by name or AID, or for a file by its identifier of four digits; without response data, as
 * the Individual Number Card wants it (card-protocol.md 1.3).
 *
 * @returns `undefined` for what names nothing.
 */
export function selectCommand(text: string): Uint8Array | undefined {
  const data = aidOf(text.trim()) ?? bytesOf(text);
  if (data === undefined) return undefined;
  const isFile = data.length === FILE_ID_LENGTH;
  if (!isFile && (data.length < AID_LENGTH.min || data.length > AID_LENGTH.max)) return undefined;
  return encodeCommand({ cla: 0x00, ins: Ins.SELECT, p1: isFile ? 0x02 : 0x04, p2: 0x0c, data });
}

function aidOf(name: string): Uint8Array | undefined {
  const official = NAMES[name.toLowerCase()];
  return cardMap.find((application) => application.name === official)?.aid;
}

function bytesOf(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[\s:]/g, '');
  return /^(?:[0-9A-Fa-f]{2}){2,16}$/.test(digits) ? fromHex(digits) : undefined;
}
