import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSignedData, verifySignedData } from '@jpki/core/cms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jpkiRequirement } from '../src/jpki-command.ts';
import { repositoryFolder } from '../src/shared-folder.ts';
import { assertPrinted, FLOWS, runFlow, writeDocument } from '../src/traces/flows.ts';
import { readPublicPkiFolder } from '../src/traces/public-pki.ts';

const traces = join(repositoryFolder, 'apdu-traces');
const folder = mkdtempSync(join(tmpdir(), 'jpki-flows-'));
const place = { folder, anchors: join(traces, 'pki/cv-anchors.json') };
const card = (file: string) => ['--card', `trace:${join(traces, 'flows', `${file}.apdu`)}`];
const flowNamed = (name: string) => {
  const flow = FLOWS.find(({ file }) => file === name);
  if (flow === undefined) throw new Error(`no flow ${name}`);
  return flow;
};

beforeAll(() => writeDocument(folder));
afterAll(() => rm(folder, { recursive: true }));

describe('whole flows of the command, played from files', jpkiRequirement(), () => {
  test.each(FLOWS.map((flow) => [flow.file, flow] as const))(
    '%s ends and says what it did',
    async (file, flow) => {
      assertPrinted(flow, await runFlow(flow, card(file), place));
    },
  );

  test.each(['sign', 'authenticate'] as const)('what %s wrote is a valid signature', async (file) => {
    assertPrinted(flowNamed(file), await runFlow(flowNamed(file), card(file), place));
    const message = readSignedData(await readFile(join(folder, 'signature.p7s')));
    const { trust } = readPublicPkiFolder(join(traces, 'pki'));
    const content = Buffer.from('a document');
    const purpose = file === 'sign' ? 'sign' : 'auth';
    const verdict = verifySignedData(message, { trust, content, revocation: 'off', purpose });
    expect(verdict.status).toBe('valid');
  });

  test('another command than the recorded one ends with 7, and the line', async () => {
    const { exitCode, stderr } = await runFlow(flowNamed('cert-auth'), card('attributes'), place);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/line \d+/);
  });
});
