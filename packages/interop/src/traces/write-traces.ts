import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSimulatorPki } from '@jpki/simulator';
import { formatTrace } from '@jpki/trace';
import { leaksOf } from '../trace-guard/guarded-files.ts';
import { FLOWS, recordFlow, writeDocument } from './flows.ts';
import { type PublicFile, readPublicPki, writePublicPki } from './public-pki.ts';
import { readableTrace } from './readable-trace.ts';
import { recordScenario } from './record-scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** Times to begin anew before giving up. */
const MAX_ATTEMPTS = 30;

const DAY = 24 * 3_600_000;

/** A file to be written, by its path below `apdu-traces`. */
interface OutputFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Records every trace of {@link SCENARIOS} with cards of a fresh PKI, whose private keys are thrown away, and puts them into
 * `folder` with the public part of the PKI. OpenSC's runs in `golden` are left alone.
 *
 * Certificates hold their dates as twelve digits, which by chance can be a valid 個人番号. Then all is recorded again, as of a
 * day earlier.
 *
 * @returns paths of the files, below `folder`.
 */
export async function writeTraces(
  folder: string,
  report: (line: string) => void = () => undefined,
): Promise<string[]> {
  const start = Date.now();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const files = await recordAll(new Date(start - attempt * DAY), report);
    const leak = firstLeak(files);
    if (leak === undefined) return replaceFiles(folder, files);
    report(`recorded again: ${leak}`);
  }
  throw new Error(`after ${MAX_ATTEMPTS} recordings the guard still refuses one`);
}

function firstLeak(files: readonly OutputFile[]): string | undefined {
  for (const { path, text } of files) {
    const [leak] = leaksOf(path, Buffer.from(text));
    if (leak !== undefined) return `${path}: ${leak}`;
  }
  return undefined;
}

async function recordAll(at: Date, report: (line: string) => void): Promise<OutputFile[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'jpki-traces-'));
  try {
    const pki = await openSimulatorPki({ folder: join(scratch, 'keys'), clock: () => at });
    for (const application of ['card', 'visual', 'text'] as const) await pki.cvAnchor(application);
    for (const kind of ['sign', 'auth'] as const)
      for (const generation of [2, 3] as const) await pki.caCertificate(kind, generation);
    const published = await writePublicPki(pki);
    const publicPki = readPublicPki(published);
    const files: OutputFile[] = published.map(({ name, text }) => ({ path: `pki/${name}`, text }));
    // Certificates trip the guard most often, so the CAs are looked at before the cards are used.
    if (firstLeak(files) !== undefined) return files;
    for (const [group, scenarios] of Object.entries(SCENARIOS)) {
      for (const scenario of scenarios) {
        const trace = await recordScenario(scenario, { pki, publicPki, at });
        files.push({ path: `${group}/${scenario.file}.apdu`, text: formatTrace(readableTrace(trace)) });
      }
      report(`${group}: ${scenarios.length} traces`);
    }
    return [...files, ...(await recordFlows(scratch, published))];
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Has the built command do whole flows with the cards of the same PKI. */
async function recordFlows(scratch: string, published: readonly PublicFile[]): Promise<OutputFile[]> {
  const anchors = join(scratch, 'cv-anchors.json');
  await writeFile(anchors, published.find(({ name }) => name === 'cv-anchors.json')?.text ?? '');
  await writeDocument(scratch);
  const place = { folder: scratch, anchors, env: { JPKI_SIM_PKI: join(scratch, 'keys') } };
  const files: OutputFile[] = [];
  for (const flow of FLOWS)
    files.push({ path: `flows/${flow.file}.apdu`, text: await recordFlow(flow, place) });
  return files;
}

/** Writes the files and removes those of an earlier recording; nobody sees half a file. */
async function replaceFiles(folder: string, files: readonly OutputFile[]): Promise<string[]> {
  const written = new Set(files.map(({ path }) => path));
  for (const group of ['pki', 'flows', ...Object.keys(SCENARIOS)]) {
    await mkdir(join(folder, group), { recursive: true });
    for (const name of await readdir(join(folder, group)))
      if (!written.has(`${group}/${name}`) && !name.startsWith('opensc-'))
        await rm(join(folder, group, name));
  }
  for (const { path, text } of files) {
    await writeFile(join(folder, `${path}.new`), text);
    await rename(join(folder, `${path}.new`), join(folder, path));
  }
  return [...written];
}
