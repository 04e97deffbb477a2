import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeTrace, formatTrace, parseTrace, type Trace } from '@jpki/trace';
import { describe, expect, test } from 'vitest';
import { repositoryFolder } from '../src/shared-folder.ts';
import { readPublicPkiFolder } from '../src/traces/public-pki.ts';
import { expectedOf, playScenario } from '../src/traces/record-scenario.ts';
import { SCENARIOS } from '../src/traces/scenarios.ts';

const folder = join(repositoryFolder, 'apdu-traces');
const pki = readPublicPkiFolder(join(folder, 'pki'));
const read = (group: string, file: string) => readFileSync(join(folder, group, `${file}.apdu`), 'utf8');

const files = (group: string) =>
  readdirSync(join(folder, group))
    .filter((name) => !name.startsWith('opensc-'))
    .map((name) => name.replace(/\.apdu$/, ''))
    .sort();

/** Commands of a trace; after the heading, where one is named. */
function commandCount({ entries }: Trace, heading?: string): number {
  const start = entries.findIndex((entry) => entry.type === 'heading' && entry.text === heading);
  return entries.slice(start + 1).filter(({ type }) => type === 'command').length;
}

describe.each(Object.entries(SCENARIOS))('apdu-traces/%s', (group, scenarios) => {
  test('has a file for every scenario, and no other', () => {
    expect(files(group)).toEqual(scenarios.map(({ file }) => file).sort());
  });

  test.each(scenarios.map((scenario) => [scenario.file, scenario] as const))(
    '%s replays: the same commands, nothing left over, the end it says',
    async (file, scenario) => {
      const text = read(group, file);
      const trace = parseTrace(text);
      const { channel, code, error } = await playScenario(scenario, trace, pki);
      expect(error instanceof Error && code === undefined ? error.stack : code).toBe(expectedOf(trace));
      channel.assertFinished();
      expect(expectedOf(trace)).toBe(scenario.expect ?? 'success');
      expect(trace.header.title).toBe(scenario.title);
      expect(formatTrace(trace)).toBe(text);
    },
  );

  test('every trace is told in words, and knows each application', () => {
    for (const { file } of scenarios) {
      const trace = parseTrace(read(group, file));
      const steps = decodeTrace(trace).lines.filter((line) => line.type === 'step');
      expect(steps.flatMap(({ exchanges }) => exchanges)).toHaveLength(commandCount(trace));
      const selected = steps.filter(({ kind }) => kind === 'select-application');
      expect(selected.filter(({ application }) => application === undefined)).toEqual([]);
    }
  });
});

describe('a golden trace shows how few commands it takes to', () => {
  test.each([
    ['read the certificate for authentication', 'auth-certificate', 9],
    ['read it by short identifiers', 'auth-certificate-short-ids', 8],
    ['read it in one long answer', 'auth-certificate-extended', 3],
    ['read it by both', 'auth-certificate-economical', 2],
    ['tell the tries left of both PINs', 'tries-left', 5],
    ['tell the kind of card', 'token', 3],
    ['sign a document by short identifiers and long answers', 'sign-document-economical', 7],
  ])('%s', (_, file, count) => {
    expect(commandCount(parseTrace(read('golden', file)))).toBe(count);
  });

  test.each([
    ['authenticate', 'authenticate-certificate-known', 7],
    ['authenticate by short identifiers', 'authenticate-economical', 5],
  ])('%s with a known certificate', (_, file, count) => {
    expect(commandCount(parseTrace(read('golden', file)), 'authenticate')).toBe(count);
  });

  test('sign a second document: one more', () => {
    const [one, two] = ['sign-document', 'sign-two-documents'].map((file) =>
      commandCount(parseTrace(read('golden', file))),
    );
    expect((two ?? 0) - (one ?? 0)).toBe(1);
  });
});

describe('a program that does something else than a golden trace', () => {
  const find = (file: string) => {
    const scenario = SCENARIOS.golden.find((one) => one.file === file);
    if (scenario === undefined) throw new Error(`no scenario ${file}`);
    return scenario;
  };

  test('is told the line', async () => {
    const trace = parseTrace(read('golden', 'token'));
    const { channel } = await playScenario(find('availability'), trace, pki);
    expect(() => channel.assertFinished()).toThrow(expect.objectContaining({ code: 'ERR_TRACE_MISMATCH' }));
  });

  test('and does less, is told what is left over', async () => {
    const trace = parseTrace(read('golden', 'authenticate-certificate-known'));
    const { channel } = await playScenario(find('auth-certificate'), trace, pki);
    expect(() => channel.assertFinished()).toThrow(expect.objectContaining({ code: 'ERR_TRACE_LEFT_OVER' }));
  });

  test('gets no signature over another document from it', async () => {
    const other = { ...find('sign-document'), run: find('sign-message').run };
    const { code } = await playScenario(other, parseTrace(read('golden', 'sign-document')), pki);
    expect(code).toBe('ERR_TRACE_MISMATCH');
  });
});
