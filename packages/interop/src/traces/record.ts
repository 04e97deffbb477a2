/** `pnpm traces`: records the traces of `apdu-traces` anew. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatTrace } from '@jpki/trace';
import { openScRequirement, recordOpenScRuns } from '../opensc-run.ts';
import { missingIn } from '../requirement.ts';
import { repositoryFolder } from '../shared-folder.ts';
import { leaksOf } from '../trace-guard/guarded-files.ts';
import { writeTraces } from './write-traces.ts';

const folder = join(repositoryFolder, 'apdu-traces');
const written = await writeTraces(folder, (line) => console.error(line));
const { skip, meta } = openScRequirement();
if (skip)
  console.error(`OpenSC's runs were left as they are: ${missingIn(meta).map(({ name }) => name)} is missing`);
else for (const file of await openScFiles()) written.push(file);
console.log(`${written.length} files in apdu-traces`);

/** Each run has a PKI of its own; again until no date in its certificates looks like a 個人番号. */
async function openScFiles(): Promise<string[]> {
  for (;;) {
    const runs = (await recordOpenScRuns()).map(({ file, trace }) => ({ file, text: formatTrace(trace) }));
    const leaks = runs.flatMap(({ file, text }) => leaksOf(file, Buffer.from(text)));
    if (leaks.length > 0) continue;
    for (const { file, text } of runs) await writeFile(join(folder, 'golden', file), text);
    return runs.map(({ file }) => `golden/${file}`);
  }
}
