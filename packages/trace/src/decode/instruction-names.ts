import { READER_CLASS } from '../steps/card-instructions.ts';

/** Instructions by name: ISO/IEC 7816-4:2020, table 5, without the lowest bit, and -8. */
const INTERINDUSTRY: ReadonlyMap<number, string> = new Map([
  [0x04, 'DEACTIVATE FILE'],
  [0x0c, 'ERASE RECORD'],
  [0x0e, 'ERASE BINARY'],
  [0x10, 'PERFORM SCQL OPERATION'],
  [0x20, 'VERIFY'],
  [0x22, 'MANAGE SECURITY ENVIRONMENT'],
  [0x24, 'CHANGE REFERENCE DATA'],
  [0x26, 'DISABLE VERIFICATION REQUIREMENT'],
  [0x28, 'ENABLE VERIFICATION REQUIREMENT'],
  [0x2a, 'PERFORM SECURITY OPERATION'],
  [0x2c, 'RESET RETRY COUNTER'],
  [0x44, 'ACTIVATE FILE'],
  [0x46, 'GENERATE ASYMMETRIC KEY PAIR'],
  [0x70, 'MANAGE CHANNEL'],
  [0x82, 'EXTERNAL AUTHENTICATE'],
  [0x84, 'GET CHALLENGE'],
  [0x86, 'GENERAL AUTHENTICATE'],
  [0x88, 'INTERNAL AUTHENTICATE'],
  [0xa0, 'SEARCH BINARY'],
  [0xa2, 'SEARCH RECORD'],
  [0xa4, 'SELECT'],
  [0xb0, 'READ BINARY'],
  [0xb2, 'READ RECORD'],
  [0xc0, 'GET RESPONSE'],
  [0xc2, 'ENVELOPE'],
  [0xca, 'GET DATA'],
  [0xcc, 'GET NEXT DATA'],
  [0xd0, 'WRITE BINARY'],
  [0xd2, 'WRITE RECORD'],
  [0xd6, 'UPDATE BINARY'],
  [0xda, 'PUT DATA'],
  [0xdc, 'UPDATE RECORD'],
  [0xe0, 'CREATE FILE'],
  [0xe2, 'APPEND RECORD'],
  [0xe4, 'DELETE FILE'],
  [0xe6, 'TERMINATE DF'],
  [0xe8, 'TERMINATE EF'],
  [0xfe, 'TERMINATE CARD USAGE'],
]);

/** Commands of class 80 that this card is known for (card-protocol.md 2.1, 3.5, 3.6, 4.5; GlobalPlatform 2.3, 11). */
const PROPRIETARY: ReadonlyMap<number, string> = new Map([
  [0x06, 'ERASE ALL RECORDS'],
  [0x2a, 'COMPUTE DIGITAL SIGNATURE'],
  [0x32, 'CHANGE KEY'],
  [0x50, 'LOCK DF'],
  [0x52, 'UNLOCK DF'],
  [0x54, 'UNLOCK KEY'],
  [0x8a, 'MANAGE ATTRIBUTES'],
  [0xa2, 'VERIFY CERTIFICATE'],
  [0xae, 'SET SESSION KEY'],
  [0xca, 'GET DATA'],
  [0xf2, 'GET STATUS'],
  [0xfc, 'LAST COMMAND INDICATOR'],
]);

/** Commands to the reader (PC/SC part 3, 3.2.2). */
const READER: ReadonlyMap<number, string> = new Map([
  [0x82, 'LOAD KEYS'],
  [0x86, 'GENERAL AUTHENTICATE'],
  [0x88, 'AUTHENTICATE'],
  [0xa4, 'SELECT'],
  [0xb0, 'READ BINARY'],
  [0xc2, 'MANAGE SESSION'],
  [0xca, 'GET DATA'],
  [0xd6, 'UPDATE BINARY'],
]);

/** Name of an instruction, or `undefined` where none is known. The same in both languages. */
export function instructionName(cla: number, ins: number): string | undefined {
  if (cla === READER_CLASS) return READER.get(ins);
  if ((cla & 0x80) !== 0) return PROPRIETARY.get(ins);
  // Bit 1 of INS says that the data field is BER-TLV.
  return INTERINDUSTRY.get(ins) ?? INTERINDUSTRY.get(ins & 0xfe);
}
