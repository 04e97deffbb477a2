import { Ins } from './command.ts';
import type { CommandHeader } from './errors.ts';

/** Header of SELECT by DF name, no response data (ISO/IEC 7816-4:2020, 11.2.2). */
export const SELECT_DF: CommandHeader = { cla: 0x00, ins: Ins.SELECT, p1: 0x04, p2: 0x0c };

/** Header of SELECT of an EF under the current DF, no response data. */
export const SELECT_EF: CommandHeader = { cla: 0x00, ins: Ins.SELECT, p1: 0x02, p2: 0x0c };

/** Whether a command is SELECT by DF name, in whatever form of response. */
export function isSelectDf([cla, ins, p1]: Uint8Array): boolean {
  return cla === SELECT_DF.cla && ins === SELECT_DF.ins && p1 === SELECT_DF.p1;
}

/** Whether a command is SELECT of an EF under the current DF, in whatever form of response. */
export function isSelectEf([cla, ins, p1]: Uint8Array): boolean {
  return cla === SELECT_EF.cla && ins === SELECT_EF.ins && p1 === SELECT_EF.p1;
}

/** Data field that names an EF. */
export function fileIdentifier(id: number): Uint8Array {
  return Uint8Array.of(id >> 8, id & 0xff);
}
