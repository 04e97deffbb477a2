import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatTrace, parseTrace } from '@jpki/trace';
import { jpki } from '../jpki-command.ts';
import type { RunResult } from '../run.ts';
import { readableTrace } from './readable-trace.ts';

/** A whole flow of the command, which is recorded with `--trace` and played with `--card trace:FILE`. */
export interface CommandFlow {
  /** Name of the file in `apdu-traces/flows`, without its ending. */
  readonly file: string;
  /** Arguments after `jpki --card …`; `ANCHORS` stands for the file with the CA keys of card-verifiable certificates. */
  readonly args: readonly string[];
  /** Given to `--pin-fd 3`. */
  readonly pin?: string;
  /** Given to `--new-pin-fd 4`. */
  readonly newPin?: string;
  /** What the command prints then and now. */
  readonly prints: RegExp;
}

const proven = ['--trust', 'ANCHORS'];

export const FLOWS: readonly CommandFlow[] = [
  { file: 'status', args: ['status'], prints: /Individual Number Card/ },
  { file: 'pin-status', args: ['pin', 'status'], prints: /5.*3/s },
  { file: 'cert-auth', args: ['cert', 'auth'], prints: /JPKI-SIMULATOR/ },
  { file: 'cert-sign', args: ['cert', 'sign'], pin: 'ABC123', prints: /JPKI-SIMULATOR/ },
  {
    file: 'sign',
    args: ['sign', 'document', '--detached', '-o', 'signature.p7s', '--force'],
    pin: 'ABC123',
    prints: /Signed|signature\.p7s/,
  },
  {
    file: 'authenticate',
    args: ['sign', 'document', '--key', 'auth', '--detached', '-o', 'signature.p7s', '--force'],
    pin: '1234',
    prints: /Signed|signature\.p7s/,
  },
  { file: 'attributes', args: ['attributes', ...proven], pin: '2345', prints: /模擬　花子.*Verified/s },
  {
    file: 'my-number',
    args: ['my-number', '--show', ...proven],
    pin: '2345',
    prints: /999999010018.*Verified/s,
  },
  {
    file: 'pin-change-auth',
    args: ['pin', 'change', 'auth'],
    pin: '1234',
    newPin: '8642',
    prints: /Changed/,
  },
];

/** Where a flow runs. */
export interface FlowPlace {
  /** Folder with the file `document` to be signed. */
  readonly folder: string;
  /** The file with the CA keys. */
  readonly anchors: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command of a flow with a card; `options` come before its arguments. */
export function runFlow(
  { args, pin, newPin }: CommandFlow,
  options: readonly string[],
  { folder, anchors, env }: FlowPlace,
): Promise<RunResult> {
  const given = args.map((argument) => (argument === 'ANCHORS' ? anchors : argument));
  const pins = [
    ...(pin === undefined ? [] : ['--pin-fd', '3']),
    ...(newPin === undefined ? [] : ['--new-pin-fd', '4']),
  ];
  return jpki([...options, ...given, ...pins], {
    cwd: folder,
    ...(env && { env }),
    fds: {
      ...(pin !== undefined && { 3: `${pin}\n` }),
      ...(newPin !== undefined && { 4: `${newPin}\n` }),
    },
  });
}

/** The document that the flows sign. */
export async function writeDocument(folder: string): Promise<void> {
  await writeFile(join(folder, 'document'), 'a document');
}

/** Records a flow with the virtual card of an adult. @throws {Error} when the command does not do what it should. */
export async function recordFlow(flow: CommandFlow, place: FlowPlace): Promise<string> {
  const path = join(place.folder, `${flow.file}.apdu`);
  const result = await runFlow(flow, ['--card', 'sim:adult', '--trace', path], place);
  assertPrinted(flow, result);
  return formatTrace(readableTrace(parseTrace(await readFile(path, 'utf8'))));
}

/** @throws {Error} when the command failed or did not print what the card holds. */
export function assertPrinted({ file, prints }: CommandFlow, { exitCode, stdout, stderr }: RunResult): void {
  if (exitCode !== 0 || !prints.test(stdout + stderr))
    throw new Error(`the flow ${file} ended with ${exitCode}: ${stdout}${stderr}`);
}
