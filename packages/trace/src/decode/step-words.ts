import { Ins, toHex } from '@jpki/iso7816';
import { maskedLength, plainBytes } from '../masked-bytes.ts';
import { READER_CLASS } from '../steps/card-instructions.ts';
import type { Step } from '../steps/card-step.ts';
import { hexDigits } from './display-text.ts';
import type { Exchange } from './exchange.ts';
import { foreignApplication } from './foreign-applications.ts';
import { instructionName } from './instruction-names.ts';
import { readSignInput } from './sign-input.ts';
import { hiddenText } from './value-text.ts';
import { byteCount, type Words, wording } from './wording.ts';

const VERBS: Readonly<Record<Step['kind'], Words>> = {
  'select-application': { ja: '選択', en: 'SELECT' },
  'select-file': { ja: '選択', en: 'SELECT' },
  'select-other': { ja: '選択', en: 'SELECT' },
  'read-binary': { ja: '読出し', en: 'READ' },
  'read-record': { ja: 'レコード読出し', en: 'READ RECORD' },
  verify: { ja: '照合', en: 'VERIFY' },
  'ask-tries': { ja: '残り回数の照会', en: 'ASK' },
  'change-pin': { ja: '変更', en: 'CHANGE' },
  sign: { ja: '署名', en: 'SIGN' },
  'get-data': { ja: 'データ取得', en: 'GET DATA' },
  'get-response': { ja: '応答の続き', en: 'GET RESPONSE' },
  'internal-authenticate': { ja: '内部認証', en: 'INTERNAL AUTHENTICATE' },
  'get-challenge': { ja: '乱数取得', en: 'GET CHALLENGE' },
  'verify-certificate': { ja: '証明書の検証', en: 'VERIFY CERTIFICATE' },
  'set-session-key': { ja: 'セッション鍵の設定', en: 'SET SESSION KEY' },
  other: { ja: 'コマンド', en: 'COMMAND' },
};

/** RESET RETRY COUNTER is the one change that needs no old PIN. */
const UNBLOCK: Words = { ja: 'ロック解除', en: 'UNBLOCK' };

const CURRENT_EF: Words = { ja: 'カレントEF', en: 'current EF' };
const UNREADABLE: Words = { ja: '解釈できないコマンド', en: 'not a readable command' };

/** What a step does. */
export function verbOf(step: Step): Words {
  const { command } = step;
  if (command?.cla === READER_CLASS) return instructionName(command.cla, command.ins) ?? VERBS.other;
  if (step.kind === 'change-pin' && command !== undefined && (command.ins & 0xfe) === Ins.RESET_RETRY_COUNTER)
    return UNBLOCK;
  if (step.kind !== 'other' || command === undefined) return VERBS[step.kind];
  return instructionName(command.cla, command.ins) ?? VERBS.other;
}

/** What is asked of the reader itself, such as the number of a contactless card (PC/SC part 3, 3.2.2.1.3). */
function readerSubject(step: Step): Words {
  const { ins, p1 } = step.command ?? {};
  const what = ins === Ins.GET_DATA && p1 === 0x00 ? 'UID' : headerText(step);
  return wording`${what}${{ ja: '（リーダーへのコマンド）', en: ' (to the reader)' }}`;
}

/** To what it does it. `parts` are the commands of one step in order. */
export function subjectOf(parts: readonly [Exchange, ...Exchange[]]): Words {
  const { step } = parts[0];
  if (step.command?.cla === READER_CLASS) return readerSubject(step);
  const subject = plainSubject(step, parts);
  if (step.secured)
    return wording`${subject}${{ ja: '（セキュアメッセージング）', en: ' (secure messaging)' }}`;
  return subject;
}

function plainSubject(step: Step, parts: readonly Exchange[]): Words {
  switch (step.kind) {
    case 'select-application':
      return step.application?.japaneseName ?? aidText(step.name);
    case 'read-binary':
      // An encrypted answer is longer than what it holds.
      return step.secured ? fileText(step) : wording`${fileText(step)} ${rangeText(parts)}`;
    case 'read-record':
      return wording`${fileText(step)} #${String(step.record)}${step.toTheLast ? '..' : ''}`;
    case 'sign':
      return readSignInput(step.scheme, step.command?.data ?? []).name;
    case 'get-data':
      return step.object?.japaneseName ?? hexDigits(step.tag, 4);
    case 'get-challenge':
      return byteCount(step.command?.le ?? 0);
    case 'get-response':
      return byteCount(step.command?.le ?? 0);
    case 'set-session-key':
    case 'verify-certificate':
      return step.application?.japaneseName ?? headerText(step);
    case 'select-other':
      return isRoot(step) ? 'MF' : headerText(step);
    case 'other':
      return headerText(step);
    default:
      return fileText(step);
  }
}

/** Name of the EF that a step means. */
export function fileText(step: Step): Words {
  return step.file?.japaneseName ?? (step.ef === undefined ? CURRENT_EF : `EF ${hexDigits(step.ef, 4)}`);
}

/** The key that a signature is made with. */
export function keyText(step: Extract<Step, { kind: 'sign' }>): Words {
  if (step.ef !== undefined || !step.defaultKey) return fileText(step);
  return { ja: 'APの既定の鍵', en: 'default key of the application' };
}

function aidText(name: Extract<Step, { kind: 'select-application' }>['name']): Words {
  const bytes = plainBytes(name);
  if (bytes === undefined) return wording`AID ${hiddenText('data', maskedLength(name))}`;
  const card = foreignApplication(bytes);
  return `AID ${toHex(bytes.subarray(0, 16))}${card === undefined ? '' : ` (${card})`}`;
}

/** SELECT of the master file, by no name at all or by its identifier 3F00 (ISO/IEC 7816-4:2020, 11.2.2). */
function isRoot({ command }: Step): boolean {
  if (command?.p1 !== 0x00) return false;
  const id = plainBytes(command.data);
  return id !== undefined && (id.length === 0 || toHex(id) === '3F00');
}

function headerText({ command }: Step): Words {
  if (command === undefined) return UNREADABLE;
  return [command.cla, command.ins, command.p1, command.p2].map((byte) => hexDigits(byte, 2)).join(' ');
}

/** `0..1585 (7 parts)`: bytes read, or asked for where none came. */
function rangeText(parts: readonly Exchange[]): Words {
  const reads: { from: number; asked: number; read: number }[] = [];
  for (const { step, data } of parts) {
    const read = maskedLength(data);
    const last = reads.at(-1);
    if (step.kind === 'read-binary') reads.push({ from: step.offset, asked: step.le ?? 0, read });
    // What GET RESPONSE fetches goes on where the answer before it stopped.
    else if (last !== undefined) last.read += read;
  }
  const from = reads.reduce((least, read) => Math.min(least, read.from), Number.MAX_SAFE_INTEGER);
  const isRead = reads.some(({ read }) => read > 0);
  const end = reads.reduce(
    (most, { from: at, asked, read }) => Math.max(most, at + (isRead ? read : asked)),
    from,
  );
  const last = end - 1;
  const range = last < from ? `${from}..` : `${from}..${last}`;
  if (reads.length < 2) return range;
  return { ja: `${range}（${reads.length}回）`, en: `${range} (${reads.length} parts)` };
}
