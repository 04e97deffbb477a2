import { maskedLength, plainBytes, sliceMasked } from '../masked-bytes.ts';
import type { MaskedBytes } from '../model.ts';
import { type DataNode, leaf } from './data-node.ts';
import type { Exchange } from './exchange.ts';
import { MaskedContent } from './masked-content.ts';
import { openFile } from './open-file.ts';
import { readSignInput } from './sign-input.ts';
import { readContent, type StepParts } from './step-parts.ts';
import { fileText, keyText } from './step-words.ts';
import { valueText } from './value-text.ts';
import type { Words } from './wording.ts';

const ANSWER: Words = { ja: '応答', en: 'answer' };

/** What a step sent or read, opened. Of an encrypted answer there is nothing to open. */
export function openStepData(parts: StepParts['parts']): readonly DataNode[] {
  const { step } = parts[0];
  if (step.secured) return [];
  switch (step.kind) {
    case 'read-binary': {
      const { content, isWhole } = readContent(parts);
      return openFile(content, step, isWhole);
    }
    case 'read-record':
      return openRecord(answers(parts), fileText(step));
    case 'get-data':
      return openFile(answers(parts), step, true);
    case 'select-application':
    case 'select-file':
    case 'select-other':
      return openFile(answers(parts), { ...(step.aid && { aid: step.aid }) }, true);
    case 'sign':
      return openSign(parts);
    case 'verify-certificate':
      return openFile(commandData(parts), {}, !(parts.at(-1)?.step.chained ?? false));
    default:
      return openAnswer(answers(parts));
  }
}

function answers(parts: readonly Exchange[]): MaskedBytes {
  return parts.flatMap(({ data }) => data);
}

function commandData(parts: readonly Exchange[]): MaskedBytes {
  return parts.flatMap(({ step }) => step.command?.data ?? []);
}

function openSign(parts: StepParts['parts']): readonly DataNode[] {
  const { step } = parts[0];
  if (step.kind !== 'sign') return [];
  const { data } = readSignInput(step.scheme, commandData(parts));
  return [leaf({ ja: '鍵', en: 'key' }, keyText(step)), ...data];
}

/** A record: simple-TLV, one byte of tag and one of length (card-protocol.md 1.3). */
function openRecord(record: MaskedBytes, name: Words): readonly DataNode[] {
  const [, length] = plainBytes(sliceMasked(record, 0, 2)) ?? [];
  const total = maskedLength(record);
  return length === total - 2 ? openAnswer(sliceMasked(record, 2), name) : openAnswer(record, name);
}

function openAnswer(data: MaskedBytes, label: Words = ANSWER): readonly DataNode[] {
  const content = new MaskedContent(data);
  return content.length === 0 ? [] : [leaf(label, valueText(content, 0, content.length))];
}
