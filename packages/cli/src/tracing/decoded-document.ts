import {
  type DataNode,
  type DecodedStep,
  type DecodedTrace,
  type Language,
  say,
  stepText,
  type Trace,
  traceToJson,
} from '@jpki/trace';
import { statusWordText } from '../status-word-text.ts';

/** A trace with its meaning, for `--json`: `trace` as `jpki trace export` writes it, `steps` in words. */
export function decodedDocument(trace: Trace, { lines, atr, totals }: DecodedTrace, lang: Language): object {
  const steps = lines.filter((line) => line.type === 'step');
  const { slowest, triesSpent, ...sums } = totals;
  return {
    trace: traceToJson(trace),
    ...(atr && { atr: nodeDocument(atr, lang) }),
    steps: steps.map((step) => stepDocument(step, lang)),
    totals: {
      ...sums,
      ...(slowest && { slowest: { ...slowest, what: say(slowest.what, lang) } }),
      triesSpent: triesSpent.map(({ secret, count }) => ({ secret: say(secret, lang), count })),
    },
  };
}

function stepDocument(step: DecodedStep, lang: Language): object {
  const { line, kind, application, file, milliseconds, result, exchanges, data } = step;
  const last = exchanges.at(-1)?.answer?.sw;
  return {
    ...(line !== undefined && { line }),
    kind,
    text: stepText(step, lang),
    result,
    sw: last === undefined ? null : statusWordText(last),
    ...(application !== undefined && { application }),
    ...(file !== undefined && { file }),
    ...(milliseconds !== undefined && { milliseconds }),
    commands: exchanges.length,
    data: data.map((node) => nodeDocument(node, lang)),
  };
}

function nodeDocument({ label, value, children, malformed }: DataNode, lang: Language): object {
  return {
    label: say(label, lang),
    ...(value !== undefined && { value: say(value, lang) }),
    ...(malformed && { malformed }),
    ...(children.length > 0 && { children: children.map((child) => nodeDocument(child, lang)) }),
  };
}
