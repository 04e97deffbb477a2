import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryFolder } from '../src/shared-folder.ts';
import { traceLeaks } from '../src/trace-guard/guard.ts';
import { fileLeaks, guardedFiles } from '../src/trace-guard/guarded-files.ts';
import { checkDigit } from '../src/trace-guard/my-numbers.ts';

describe('the files that are there', () => {
  const paths = guardedFiles();

  test('are found: traces, keys, and words about them', () => {
    expect(paths.length).toBeGreaterThan(150);
    expect(paths).toContain('apdu-traces/golden/authenticate.apdu');
    expect(paths).toContain('apdu-traces/pki/cv-anchors.json');
    expect(paths).toContain('apdu-traces/README.md');
  });

  test('hold nothing of anybody', () => {
    expect(paths.flatMap((path) => fileLeaks(path).map((leak) => `${path}: ${leak}`))).toEqual([]);
  });
});

const ascii = (text: string) => Buffer.from(text).toString('hex').toUpperCase();

describe('a golden trace is refused', () => {
  const golden = (file: string) =>
    readFileSync(join(repositoryFolder, 'apdu-traces/golden', `${file}.apdu`), 'utf8');

  test('with a PIN where its placeholder stood', () => {
    const text = golden('authenticate');
    expect(text).toContain('{pin:4}');
    expect(traceLeaks(text.replace('{pin:4}', '31323334'))).not.toEqual([]);
  });

  test('with a number that somebody could have', () => {
    const text = golden('my-number');
    const [object = ''] = /FF100C(?:3\d){12}/.exec(text) ?? [];
    const digits = Buffer.from(object, 'hex').toString('latin1').slice(3, 14);
    const right = ascii(`${digits}${checkDigit(digits)}`);
    expect(traceLeaks(text.replace(object, `FF100C${right}`))).toEqual([
      expect.stringContaining('My Number'),
    ]);
  });

  test('with certificates, when it is called a person’s', () => {
    const text = golden('auth-certificate');
    expect(traceLeaks(text.replace('# holder: invented', '# holder: person'))).not.toEqual([]);
  });

  test('with the certificates of another CA', () => {
    const text = golden('auth-certificate').replaceAll('\n  ', '');
    const other = text.replaceAll(ascii('JPKI-SIMULATOR'), ascii('JPKI-SOMEBODYS'));
    expect(other).not.toBe(text);
    expect(traceLeaks(other)).toEqual(['a certificate of a CA that is not simulated']);
  });
});
