import { ComputeSignature } from '@jpki/applets/card-map';
import { Ins } from '@jpki/iso7816';
import { plainBytes } from '../masked-bytes.ts';
import { CardIns, classOf, isPinCommand } from './card-instructions.ts';
import { applicationAt, fileAt, type Place, SHORT_ID_BITS, UNKNOWN_PLACE } from './card-selection.ts';
import type { Step } from './card-step.ts';
import type { MaskedCommand } from './masked-command.ts';

/** What GET RESPONSE would continue, and how many bytes of it came before. */
export interface Answered {
  readonly of: Step;
  readonly at: number;
}

/** What `command` means where `place` is selected. */
export function meaningOf(command: MaskedCommand, place: Place, answered: Answered | undefined): Step {
  const { isBasic, isProprietary, secured, chained } = classOf(command.cla);
  const known = { command, secured, chained };
  if (isPinCommand(command)) return pinStep(command, isBasic ? place : UNKNOWN_PLACE, known);
  // The card has one logical channel (card-protocol.md 1.3): what goes to another says nothing about it.
  if (!isBasic) return { ...known, kind: 'other' };
  const here = { ...known, ...fileAt(place, undefined) };
  if (command.ins === Ins.GET_RESPONSE) return restStep(known, answered);
  return isProprietary ? cardStep(command, place, here) : isoStep(command, place, here);
}

type Known = Pick<Step, 'secured' | 'chained'> & { readonly command: MaskedCommand };

function isoStep(command: MaskedCommand, place: Place, here: Known & Place): Step {
  switch (command.ins) {
    case Ins.SELECT:
      return selectStep(command, place, here);
    case Ins.READ_BINARY:
      return readBinaryStep(command, place, here);
    case Ins.READ_RECORD:
      return readRecordStep(command, place, here);
    case Ins.GET_DATA:
      return getDataStep(command, here);
    case Ins.INTERNAL_AUTHENTICATE:
      return { ...here, ...referenced(place, command.p2), kind: 'internal-authenticate' };
    case CardIns.GET_CHALLENGE:
      return { ...here, kind: 'get-challenge' };
    default:
      return { ...here, kind: 'other' };
  }
}

/** Commands of class 80, which this card has beside those of ISO. */
function cardStep(command: MaskedCommand, place: Place, here: Known & Place): Step {
  switch (command.ins) {
    case ComputeSignature.INS: {
      const defaultKey = command.p2 === ComputeSignature.P2_DEFAULT_KEY;
      const key = defaultKey ? fileAt(place, undefined) : referenced(place, command.p2);
      return { ...here, ...key, kind: 'sign', scheme: command.p1, defaultKey };
    }
    case CardIns.VERIFY_CERTIFICATE:
      return { ...here, ...place, kind: 'verify-certificate' };
    case CardIns.SET_SESSION_KEY:
      return { ...here, kind: 'set-session-key' };
    case Ins.SELECT:
      return { ...here, kind: 'select-other' };
    default:
      return { ...here, kind: 'other' };
  }
}

function pinStep(command: MaskedCommand, place: Place, known: Known): Step {
  const here = { ...known, ...referenced(place, command.p2) };
  if ((command.ins & 0xfe) !== Ins.VERIFY) return { ...here, kind: 'change-pin' };
  return { ...here, kind: command.data.length === 0 ? 'ask-tries' : 'verify' };
}

function restStep(known: Known, answered: Answered | undefined): Step {
  if (answered === undefined) return { ...known, kind: 'get-response', at: 0 };
  const { of, at } = answered;
  return { ...known, ...fileAt(of, of.ef), kind: 'get-response', of, at };
}

function selectStep(command: MaskedCommand, place: Place, here: Known & Place): Step {
  const { p1, p2, data } = command;
  const name = here.secured || here.chained ? undefined : plainBytes(data);
  // P2 b2 b1: the first or only occurrence. Another one may be another application of the same name.
  const isFirst = (p2 & 0x03) === 0;
  if (p1 === SelectBy.NAME && isFirst && name !== undefined && name.length > 0) {
    return { ...without(here), ...applicationAt(name), kind: 'select-application', name: data };
  }
  if (p1 !== SelectBy.EF || !isFirst) return { ...here, kind: 'select-other' };
  const [high, low, ...more] = name ?? [];
  const isId = high !== undefined && low !== undefined && more.length === 0;
  return { ...here, ...fileAt(place, isId ? (high << 8) | low : undefined), kind: 'select-file' };
}

/** P1 of SELECT (ISO/IEC 7816-4:2020, 11.2.2); the other forms do not work on this card (card-protocol.md 1.3). */
const SelectBy = { EF: 0x02, NAME: 0x04 } as const;

function readBinaryStep(command: MaskedCommand, place: Place, here: Known & Place): Step {
  const { p1, p2, le } = command;
  const size = le === undefined ? {} : { le };
  if ((p1 & 0x80) === 0)
    return { ...here, ...place, kind: 'read-binary', offset: (p1 << 8) | p2, byShortId: false, ...size };
  // b7 and b6 are zero in the form with a short identifier; with them set, the file is unknown.
  const id = (p1 & 0x60) === 0 ? p1 & SHORT_ID_BITS : undefined;
  const file = id === 0 ? place : fileAt(place, id);
  return { ...here, ...file, kind: 'read-binary', offset: p2, byShortId: id !== 0, ...size };
}

function readRecordStep(command: MaskedCommand, place: Place, here: Known & Place): Step {
  const { p1, p2 } = command;
  const id = p2 >> 3;
  const file = id === 0 ? place : fileAt(place, id);
  const toTheLast = (p2 & 0x07) === RECORDS_TO_THE_LAST;
  return { ...here, ...file, kind: 'read-record', record: p1, byShortId: id !== 0, toTheLast };
}

/** Low bits of P2 of READ RECORD: from record P1 to the last (ISO/IEC 7816-4:2020, 11.3.3). */
const RECORDS_TO_THE_LAST = 0x05;

function getDataStep({ p1, p2 }: MaskedCommand, here: Known & Place): Step {
  const tag = (p1 << 8) | p2;
  const object = here.application?.dataObjects.find((known) => known.tag === tag);
  return { ...here, kind: 'get-data', tag, ...(object && { object }) };
}

/** The file that P2 of VERIFY, CHANGE, sign and INTERNAL AUTHENTICATE means: 80 is the current EF, 81 to 9E a short identifier. */
function referenced(place: Place, p2: number): Place {
  if (p2 === 0x80) return place;
  const isShortId = (p2 & ~SHORT_ID_BITS) === 0x80;
  return fileAt(place, isShortId ? p2 & SHORT_ID_BITS : undefined);
}

/** The step without a place. */
function without({ command, secured, chained }: Known): Known {
  return { command, secured, chained };
}
