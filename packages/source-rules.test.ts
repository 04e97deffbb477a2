import { describe, expect, test } from 'vitest';
import {
  isTest,
  productionFiles,
  type SourceFile,
  sourceFiles,
  withoutComments,
  workspaceFolders,
} from './workspace-sources.ts';

/** Where `pattern` occurs, as `path: text`. */
function occurrences(files: readonly SourceFile[], ...patterns: readonly RegExp[]): string[] {
  return files.flatMap(({ path, code }) =>
    patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => `${path}: ${match[0]}`)),
  );
}

const production = productionFiles();
const everything = workspaceFolders().flatMap((folder) => sourceFiles(folder));
const tests = everything.filter(({ path }) => isTest(path));

/**
 * The ways to write a command that carries a PIN: VERIFY (INS 20, 21), CHANGE REFERENCE DATA (24, 25), RESET RETRY
 * COUNTER (2C, 2D) and JICSAP's CHANGE KEY (CLA 80, INS 32), as an object, as bytes, and as hexadecimal text.
 */
const pinCommands: readonly RegExp[] = [
  /\bins:\s*(?:Ins\.(?:VERIFY|CHANGE_REFERENCE_DATA|RESET_RETRY_COUNTER)\b|JICSAP_CHANGE_KEY\b|0x2[0145cd]\b|0x3[23]\b|(?:32|33|36|37|44|45|50|51)\b)/gi,
  /\b0x[08]0,\s*0x2[0145cd]\b|\b0x80,\s*0x3[23]\b/gi,
  /['"`]\s*(?:[08][08]\s*2[0145cd]|80\s*3[23])(?:\s*[0-9a-f]{2}){2,}/gi,
];

describe('a PIN has one way to the card', () => {
  test('one place builds VERIFY with data, one asks for the tries left, one builds CHANGE; nothing builds UNBLOCK', () => {
    expect(occurrences(production, ...pinCommands)).toEqual([
      'packages/iso7816/src/card-session.ts: ins: Ins.VERIFY',
      'packages/iso7816/src/pin-command.ts: ins: Ins.VERIFY',
      'packages/iso7816/src/pin-command.ts: ins: JICSAP_CHANGE_KEY',
      'packages/iso7816/src/pin-command.ts: ins: Ins.CHANGE_REFERENCE_DATA',
    ]);
    const session = production.filter(({ path }) => path === 'packages/iso7816/src/card-session.ts');
    expect(occurrences(session, /\btakePinBytes\(|\.\.\.header, data\b/g)).toEqual([]);
  });

  test('one place takes the bytes out of a Pin', () => {
    expect(occurrences(production, /\btakePinBytes\(/g)).toEqual([
      'packages/iso7816/src/pin-command.ts: takePinBytes(',
      'packages/iso7816/src/pin.ts: takePinBytes(',
    ]);
  });

  test('a session sends PINs for the PIN gate and the PIN change only, each in one place', () => {
    const senders = production.filter(({ path }) => path.startsWith('packages/applets/'));
    expect(occurrences(senders, /\bsession\.(?:verify|change)\(/g)).toEqual([
      'packages/applets/src/pin-gate.ts: session.verify(',
      'packages/applets/src/pin-change/change-at.ts: session.change(',
    ]);
  });

  test.each([
    'const c = { cla: 0, ins: Ins.VERIFY, p1: 0, p2: 0x80, data };',
    'const c = { cla: 0, ins: Ins.CHANGE_REFERENCE_DATA };',
    'const c = { cla: 0, ins: 0x20 };',
    'const c = { cla: 0, ins: 0x2C };',
    'const c = { cla: 0, ins: 32 };',
    'Uint8Array.of(0x00, 0x20, 0x00, 0x80)',
    '[0x00, 0x24, 0x01, 0x80]',
    "fromHex('0020008004')",
    'fromHex("00 20 00 80 04")',
    'fromHex(`00240180`)',
    'const c = { cla: 0x80, ins: JICSAP_CHANGE_KEY };',
    'const c = { cla: 0x80, ins: 0x32 };',
    'Uint8Array.of(0x80, 0x32, 0x00, 0x80)',
    "fromHex('80320080')",
    "fromHex('0820009413')",
  ])('behavior: %s would be found', (source) => {
    expect(occurrences([{ path: 'x.ts', code: withoutComments(source) }], ...pinCommands).length).toBe(1);
  });

  test.each([
    '// 00 20 00 80 asks for the tries left',
    'if (command.ins === 0x20) return verify(command);',
    'case 0x20:',
    'const c = { cla: 0, ins: 0xa4 };',
    "fromHex('00A4020C020018')",
    "import { x } from '0020.ts';",
  ])('behavior: %s is no such command', (source) => {
    expect(occurrences([{ path: 'x.ts', code: withoutComments(source) }], ...pinCommands)).toEqual([]);
  });
});

describe('production code', () => {
  test('takes chance from node:crypto only', () => {
    expect(occurrences(production, /\bMath\.random\b/g)).toEqual([]);
  });

  test('reads the environment in the command line program, the simulator, and for pcscd’s socket only', () => {
    // One variable, which pcsc-lite defines, says where its socket is.
    const socketPath = 'packages/pcsc/src/socket/socket-path.ts';
    const others = production.filter(
      ({ path }) => !/^packages\/(cli|simulator)\//.test(path) && path !== socketPath,
    );
    expect(occurrences(others, /\bprocess\s*\??\.\s*env\b|\benv\b[^\n]*from 'node:process'/g)).toEqual([]);
  });

  test('prints in the command line program only', () => {
    const others = production.filter(({ path }) => !path.startsWith('packages/cli/'));
    expect(occurrences(others, /\bconsole\.\w+|\bprocess\.std(?:out|err)\b/g)).toEqual([]);
  });
});

test('no source silences the compiler', () => {
  const files = everything.filter(({ path }) => !path.endsWith('source-rules.test.ts'));
  expect(occurrences(files, /\bas unknown as\b|\bas any\b|<any>|: any\b/g)).toEqual([]);
});

/** A test that does not run, or that keeps others from running. `skipIf` names its reason and is counted elsewhere. */
const leftovers: readonly RegExp[] = [
  /\b(?:describe|suite|test|it|bench|context|ctx)(?:\.\w+)*\.(?:only|skip|todo|fails)\b/g,
  /\b(?:only|skip|todo|fails): true\b/g,
];

describe('tests', () => {
  test('are not skipped, and none is left to run alone', () => {
    expect(occurrences(tests, ...leftovers)).toEqual([]);
  });

  test('depend on something missing (skipIf, runIf) in interop only, where it is counted', () => {
    const others = tests.filter(({ path }) => !path.startsWith('packages/interop/'));
    expect(occurrences(others, /\.(?:skipIf|runIf)\(/g)).toEqual([]);
  });

  test.each([
    ['test', 'only', "('x', () => {})"],
    ['describe', 'skip', "('x', () => {})"],
    ['it', 'concurrent.only', "('x', () => {})"],
    ['test', 'skip', '.each([])'],
    ['test', 'todo', "('x')"],
    ['context', 'skip', '()'],
  ])('behavior: %s.%s%s would be found', (subject, modifier, rest) => {
    const code = `${subject}.${modifier}${rest}`;
    expect(occurrences([{ path: 'x.test.ts', code }], ...leftovers).length).toBe(1);
  });

  test('behavior: the skip of a parser is no skipped test', () => {
    const code = "reader.skip(); test.each([1])('x', f);";
    expect(occurrences([{ path: 'x.test.ts', code }], ...leftovers)).toEqual([]);
  });
});
