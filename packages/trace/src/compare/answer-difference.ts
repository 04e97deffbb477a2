import type { Exchange } from '../decode/exchange.ts';
import { MaskedContent } from '../decode/masked-content.ts';
import { equalMasked, maskedLength } from '../masked-bytes.ts';
import type { MaskedBytes } from '../model.ts';
import { redactResponse } from '../redact/redact-response.ts';
import type { IgnoredContent } from './trace-difference.ts';

/** Whether the answers to the same command differ in more than what differs from run to run. */
export function answersDiffer(a: Exchange, b: Exchange, ignore: IgnoredContent | undefined): boolean {
  const [one, two] = [wholeOf(a), wholeOf(b)];
  if (ignore !== undefined && holdsCertificate(one)) return false;
  const contents = ignore === 'contents';
  if (contents && isOfTheCard(one)) return false;
  if (maskedLength(a.data) !== maskedLength(b.data)) return true;
  if (isVolatile(one, two)) return false;
  return contents ? !sameWhereKnown(publicOf(a), publicOf(b)) : !sameWhereKnown(a.data, b.data);
}

/** Whether the answer is of a file that is not the same on every card. */
function isOfTheCard({ step }: Exchange): boolean {
  return step.kind === 'read-binary' && step.file?.holds !== 'public';
}

/** The answer with placeholders for all that is the holder's or this card's. */
function publicOf({ step, response }: Exchange): MaskedBytes {
  return redactResponse(response?.bytes ?? [], step, (type, bytes) => [
    { type, length: maskedLength(bytes) },
  ]);
}

/** GET RESPONSE fetches a part of the answer to another command: that one says what it is. */
function wholeOf(exchange: Exchange): Exchange {
  const { step } = exchange;
  return step.kind === 'get-response' && step.of !== undefined ? { ...exchange, step: step.of } : exchange;
}

function holdsCertificate({ step, data }: Exchange): boolean {
  const isMarked = data.some((piece) => !(piece instanceof Uint8Array) && piece.type === 'certificate');
  return step.file?.holds === 'certificate' || isMarked;
}

/** Whether the answer is another one each time, or because something else was sent. */
function isVolatile({ step }: Exchange, other: Exchange): boolean {
  if (step.secured || step.kind === 'get-challenge') return true;
  if (step.kind !== 'sign' && step.kind !== 'internal-authenticate') return false;
  // PSS takes a fresh salt (card-protocol.md 3.6).
  if (step.kind === 'sign' && (step.scheme === 0x04 || step.scheme === 0x05)) return true;
  return !equalMasked(step.command?.data ?? [], other.step.command?.data ?? []);
}

/** Compares what both recorded: behind a placeholder may be anything. */
function sameWhereKnown(a: MaskedBytes, b: MaskedBytes): boolean {
  const [one, two] = [new MaskedContent(a), new MaskedContent(b)];
  for (let at = 0; at < one.length; ) {
    const hidden = Math.max(one.hiddenAt(at)?.end ?? 0, two.hiddenAt(at)?.end ?? 0);
    if (hidden > at) at = hidden;
    else if (one.bytes[at] !== two.bytes[at]) return false;
    else at++;
  }
  return true;
}
