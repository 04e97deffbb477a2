import { describeStatusWord, type StatusWord, Sw } from '@jpki/iso7816';
import { maskedLength } from '../masked-bytes.ts';
import type { MaskedBytes, ResponseEntry } from '../model.ts';
import type { Step } from '../steps/card-step.ts';
import type { DecodedAnswer, DecodedExchange, DecodedStep } from './decoded-trace.ts';
import type { Exchange } from './exchange.ts';
import { pinOutcome } from './pin-outcome.ts';
import { openStepData } from './step-data.ts';
import type { StepParts } from './step-parts.ts';
import { subjectOf, verbOf } from './step-words.ts';
import type { Wording, Words } from './wording.ts';

const NO_ANSWER: Wording = { ja: '応答なし', en: 'no answer' };
const NO_STATUS_WORD: Wording = { ja: 'ステータスワードの記録なし', en: 'status word not recorded' };
const CUT: Wording = { ja: '応答が途中で切れている', en: 'the answer is cut' };

const NOT_ON_THIS_CARD: Wording = { ja: 'このカードにない', en: 'not on this card' };

/** Says in words what the commands of one step did. */
export function decodeStep(parts: StepParts['parts']): DecodedStep {
  const [first] = parts;
  const { step, command } = first;
  const last = parts.at(-1) ?? first;
  const outcome = outcomeOf(parts, last);
  const milliseconds = timeOf(parts);
  const file = step.file?.japaneseName ?? (step.kind === 'get-data' ? step.object?.japaneseName : undefined);
  return {
    type: 'step',
    kind: step.kind,
    ...(command.line !== undefined && { line: command.line }),
    verb: verbOf(step),
    subject: subjectOf(parts),
    ...(outcome !== undefined && { outcome }),
    result: last.sw === undefined ? 'none' : describeStatusWord(last.sw).kind,
    ...(step.application && { application: step.application.japaneseName }),
    ...(file !== undefined && { file }),
    ...(milliseconds !== undefined && { milliseconds }),
    exchanges: parts.map(decodeExchange),
    data: openStepData(parts),
  };
}

function outcomeOf(parts: StepParts['parts'], last: Exchange): Words | undefined {
  const { step } = parts[0];
  const { sw } = last;
  if (last.response === undefined) return NO_ANSWER;
  if (sw === undefined) return withoutStatusWord(last.response);
  const isPin = step.kind === 'verify' || step.kind === 'ask-tries' || step.kind === 'change-pin';
  const ofPin = isPin ? pinOutcome(step.kind, sw, step.file?.maxTries) : undefined;
  if (ofPin !== undefined) return ofPin;
  if (sw === Sw.OK) return undefined;
  if (sw === Sw.FILE_NOT_FOUND && step.kind === 'select-application') return NOT_ON_THIS_CARD;
  if (sw === Sw.OFFSET_OUTSIDE_FILE && parts.length > 1)
    return { ja: 'ファイルの終わり', en: 'end of the file' };
  return describeStatusWord(sw);
}

function timeOf(parts: readonly Exchange[]): number | undefined {
  let tenths = 0;
  for (const { response } of parts) {
    if (response?.milliseconds === undefined) return undefined;
    tenths += Math.round(response.milliseconds * 10);
  }
  return tenths / 10;
}

function decodeExchange({ step, command, response, data, sw }: Exchange): DecodedExchange {
  const fields = step.command;
  const line = command.line === undefined ? {} : { line: command.line };
  const answer = response && { answer: answerOf(response, data, meaningOf(step, sw, response), sw) };
  if (fields === undefined) return { ...line, data: command.bytes, extended: false, ...answer };
  const { cla, ins, p1, p2, le, extended } = fields;
  return {
    ...line,
    header: { cla, ins, p1, p2 },
    data: fields.data,
    ...(le !== undefined && { le }),
    extended,
    ...answer,
  };
}

/** Two bytes at least are an answer; fewer are what arrived of one. */
function withoutStatusWord({ bytes }: ResponseEntry): Wording {
  return maskedLength(bytes) < 2 ? CUT : NO_STATUS_WORD;
}

function meaningOf({ kind }: Step, sw: StatusWord | undefined, response: ResponseEntry): Wording {
  if (sw === undefined) return withoutStatusWord(response);
  // The words for 63Cx speak of a PIN that was wrong; here none was sent.
  const asked = kind === 'ask-tries' ? pinOutcome(kind, sw) : undefined;
  const { ja, en } = asked ?? describeStatusWord(sw);
  return { ja, en };
}

function answerOf(
  { line, milliseconds }: ResponseEntry,
  data: MaskedBytes,
  meaning: Wording,
  sw: StatusWord | undefined,
): DecodedAnswer {
  return {
    ...(line !== undefined && { line }),
    data,
    ...(sw !== undefined && { sw }),
    meaning,
    ...(milliseconds !== undefined && { milliseconds }),
  };
}
