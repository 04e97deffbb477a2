import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Identity, workFolder } from '../identity.ts';
import { median, type Row } from '../side-by-side.ts';
import { type Report, ratioOf } from '../subject.ts';

const JPKI = fileURLToPath(new URL('../../../packages/cli/dist/bin.cjs', import.meta.url));
const CARD_ALONE = fileURLToPath(new URL('../virtual-card-alone.js', import.meta.url));
const RUNS = 15;

const EMPTY = 'floor: node empty.cjs';
const CARD = 'the virtual card alone, same commands';
const SIGN = 'jpki --card sim: sign';

/** What a person waits for when they type `jpki`, as multiples of an empty Node start on the same machine. */
export async function startUpSubject({ pki }: Identity): Promise<Report[]> {
  // NODE_EXTRA_CA_CERTS makes every start slower by a root store nobody here uses.
  const env = { ...process.env, JPKI_SIM_PKI: pki.folder, NODE_EXTRA_CA_CERTS: undefined };
  const rows = measured(candidates(), env);
  const ratio = (name: string) => ratioOf(rows, name, EMPTY);
  const over = (name: string, goal: number) => ({
    what: `${name} over an empty start`,
    value: ratio(name),
    goal,
  });
  return [
    {
      title: 'Process start, wall time',
      rows,
      goals: [
        over('jpki --version', 1.15),
        over('jpki --help', 1.15),
        // What a real card would take is not the command's time, and neither is what the virtual one takes.
        {
          what: 'jpki sign over an empty start, beyond the card',
          value: ratio(SIGN) - ratio(CARD) + 1,
          goal: 6,
        },
      ],
    },
  ];
}

/** The arguments of Node by the name in the table. The signature that `verify` reads is made by the last one. */
function candidates(): Readonly<Record<string, readonly string[]>> {
  const folder = mkdtempSync(join(workFolder, 'start-up-'));
  const empty = join(folder, 'empty.cjs');
  const document = join(folder, 'report.txt');
  writeFileSync(empty, '');
  writeFileSync(document, 'a report');
  return {
    [EMPTY]: [empty],
    [CARD]: [CARD_ALONE],
    'jpki --version': [JPKI, '--version'],
    'jpki --help': [JPKI, '--help'],
    'jpki verify': [JPKI, 'verify', `${document}.p7s`, '--trust', 'simulator', '--revocation', 'off'],
    'jpki --card sim: status': [JPKI, '--card', 'sim:', 'status'],
    [SIGN]: [JPKI, '--card', 'sim:', 'sign', document, '--detached', '--force'],
  };
}

/** Starts each in turn, run after run; the first is the floor. */
function measured(starts: Readonly<Record<string, readonly string[]>>, env: NodeJS.ProcessEnv): Row[] {
  // Makes the keys and the signature that the measured runs then find.
  for (const args of Object.values(starts).reverse()) timeOf(args, env);
  const times = new Map<string, number[]>(Object.keys(starts).map((name) => [name, []]));
  for (let run = 0; run < RUNS; run++) {
    for (const [name, args] of Object.entries(starts)) times.get(name)?.push(timeOf(args, env));
  }
  const floor = median(times.get(EMPTY) ?? []);
  return [...times].map(([name, all]) => ({ name, cpu: median(all), ratio: median(all) / floor }));
}

/** Microseconds from the start of Node to its end. */
function timeOf(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return (performance.now() - begin) * 1000;
}
