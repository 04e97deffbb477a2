import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { makeIdentity } from './identity.ts';
import type { Report } from './subject.ts';
import { apduCodecSubject } from './subjects/apdu-codec.ts';
import { apduSubject } from './subjects/apdu-counts.ts';
import { certificateSubject } from './subjects/certificate.ts';
import { cmsSubject } from './subjects/cms.ts';
import { pcscSubject } from './subjects/pcsc.ts';
import { replaySubject } from './subjects/replay.ts';
import { startUpSubject } from './subjects/start-up.ts';

/** Ratio to the recorded one above which `--check` fails. */
const ALLOWED_LOSS = 1.3;

const BASELINE = new URL('../baseline.json', import.meta.url);

const SUBJECTS = {
  certificate: certificateSubject,
  cms: cmsSubject,
  'apdu-codec': apduCodecSubject,
  'apdu-counts': apduSubject,
  replay: replaySubject,
  'start-up': startUpSubject,
  pcsc: pcscSubject,
} as const;

function print(report: Report): void {
  console.log(`\n## ${report.title}\n`);
  if (report.rows !== undefined) {
    console.log('| candidate | time, µs | times the first |\n|---|---:|---:|');
    for (const { name, cpu, ratio } of report.rows)
      console.log(`| ${name} | ${cpu.toFixed(cpu < 100 ? 2 : 0)} | ${ratio.toFixed(2)} |`);
  }
  if (report.counts !== undefined) {
    console.log(`\n| | ${report.unit ?? 'APDUs'} |\n|---|---:|`);
    for (const { name, count } of report.counts) console.log(`| ${name} | ${count} |`);
  }
  for (const { what, value, goal } of report.goals) {
    console.log(`\n${value <= goal ? 'met' : 'MISSED'}: ${what}: ${round(value)} (goal ≤ ${round(goal)})`);
  }
}

const round = (value: number): string => (value < 0.1 ? value.toFixed(4) : value.toFixed(2));

/** Every figure with a goal, by title and name. */
function figures(reports: readonly Report[]): Record<string, number> {
  return Object.fromEntries(
    reports.flatMap(({ title, goals }) => goals.map(({ what, value }) => [`${title}: ${what}`, value])),
  );
}

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const identity = await makeIdentity();
const reports: Report[] = [];
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} CPUs`);
for (const [name, subject] of Object.entries(SUBJECTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const report of await subject(identity)) {
    reports.push(report);
    print(report);
  }
}

if (process.argv.includes('--record')) {
  writeFileSync(BASELINE, `${JSON.stringify(figures(reports), null, 2)}\n`);
} else if (process.argv.includes('--check')) {
  const baseline: Record<string, number> = JSON.parse(readFileSync(BASELINE, 'utf8'));
  const lost = Object.entries(figures(reports)).filter(
    ([name, value]) => value > (baseline[name] ?? Number.POSITIVE_INFINITY) * ALLOWED_LOSS,
  );
  for (const [name, value] of lost)
    console.error(`lost: ${name}: ${round(value)}, was ${round(baseline[name] ?? Number.NaN)}`);
  process.exitCode = lost.length === 0 ? 0 : 1;
}
