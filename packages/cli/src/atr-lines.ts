import { decodeAtr, type InterfaceBytes, toHex } from '@jpki/iso7816';

/** Words for what has no name in every language. */
export interface AtrWords {
  readonly historicalBytes: string;
  /** TCK is not what the other bytes make it. */
  readonly wrongCheckByte: string;
}

/** What an answer to reset says, in a line: protocols, interface bytes, historical bytes. None for bytes that are none. */
export function atrLines(atr: Uint8Array, { historicalBytes, wrongCheckByte }: AtrWords): string[] {
  const decoded = decodeAtr(atr);
  if (decoded === undefined) return [];
  const { protocols, groups, historical, checksum } = decoded;
  const parts = [
    protocols.map((number) => `T=${number}`).join(', '),
    groups.flatMap(interfaceBytes).join(' '),
    `${historicalBytes} ${toHex(historical) || '–'}`,
    checksum === false ? wrongCheckByte : '',
  ];
  return [parts.filter(Boolean).join(' · ')];
}

/** `TB1=00 TC1=FF`, as ISO/IEC 7816-3:2006, 8.2.3 names them. */
function interfaceBytes({ number, ta, tb, tc }: InterfaceBytes): string[] {
  return Object.entries({ TA: ta, TB: tb, TC: tc }).flatMap(([name, byte]) =>
    byte === undefined ? [] : [`${name}${number}=${toHex(Uint8Array.of(byte))}`],
  );
}
