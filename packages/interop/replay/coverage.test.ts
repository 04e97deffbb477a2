import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as applets from '@jpki/applets';
import {
  CardManager,
  CommonApplication,
  JpkiApplication,
  JpkiKey,
  ResidentApplication,
  TextApplication,
  VisualApplication,
} from '@jpki/applets';
import { parseTrace } from '@jpki/trace';
import { describe, expect, test } from 'vitest';
import { repositoryFolder } from '../src/shared-folder.ts';
import { readPublicPkiFolder } from '../src/traces/public-pki.ts';
import { playScenario } from '../src/traces/record-scenario.ts';
import { SCENARIOS } from '../src/traces/scenarios.ts';

const folder = join(repositoryFolder, 'apdu-traces');

const APPLICATIONS = [
  JpkiApplication,
  JpkiKey,
  TextApplication,
  VisualApplication,
  CommonApplication,
  ResidentApplication,
  CardManager,
];

/** Every operation of the applets, as `TextApplication.myNumber`. */
const operations = APPLICATIONS.flatMap((application) =>
  Object.getOwnPropertyNames(application.prototype)
    .filter((name) => name !== 'constructor')
    .map((name) => ({ application, name, title: `${application.name}.${name}` })),
);

/** Notes which operations run while `work` does. */
async function operationsIn(work: () => Promise<void>): Promise<Set<string>> {
  const called = new Set<string>();
  const restore = operations.map(({ application, name, title }) => {
    const original = Object.getOwnPropertyDescriptor(application.prototype, name);
    const { value } = original ?? {};
    Object.defineProperty(application.prototype, name, {
      ...original,
      value(...args: unknown[]) {
        called.add(title);
        return Reflect.apply(value, this, args);
      },
    });
    return () => Object.defineProperty(application.prototype, name, original ?? {});
  });
  try {
    await work();
  } finally {
    for (const undo of restore) undo();
  }
  return called;
}

test('every operation of every application has a golden trace', async () => {
  const pki = readPublicPkiFolder(join(folder, 'pki'));
  const called = await operationsIn(async () => {
    for (const scenario of SCENARIOS.golden) {
      const text = readFileSync(join(folder, 'golden', `${scenario.file}.apdu`), 'utf8');
      await playScenario(scenario, parseTrace(text), pki);
    }
  });
  expect(operations.length).toBeGreaterThan(20);
  expect(operations.map(({ title }) => title).filter((title) => !called.has(title))).toEqual([]);
});

/** Functions that use a card, and the golden trace in which they do. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  changePin: 'change-pin-auth',
  readCardOverview: 'overview',
  readCounters: 'tries-left-everywhere',
};

/** Functions that need no card. */
const CARDLESS: readonly string[] = [
  'birthDigits',
  'eraYearOf',
  'keyIdText',
  'normalizeNewPin',
  'normalizePin',
  'numberBDigits',
  'parseCvAnchors',
  'productionCvAnchors',
  'readCvCertificate',
  'renewableFrom',
  'testCvAnchors',
];

test('every function that uses a card has a golden trace', () => {
  const isClass = (value: unknown) => String(value).startsWith('class');
  const functions = Object.entries(applets)
    .filter(([, value]) => typeof value === 'function' && !isClass(value))
    .map(([name]) => name);
  expect(functions.sort()).toEqual([...Object.keys(FUNCTIONS), ...CARDLESS].sort());
  const golden = SCENARIOS.golden.map(({ file }) => file);
  expect(golden).toEqual(expect.arrayContaining(Object.values(FUNCTIONS)));
});

/** Errors that no answer of a card makes: of arguments, of files, and of the keypad of a reader, which sends nothing. */
const NOT_OF_THE_CARD: readonly string[] = [
  'ERR_APDU_FORMAT',
  'ERR_CV_ANCHOR_FORMAT',
  'ERR_PIN_PAD_CANCELLED',
  'ERR_PIN_PAD_LENGTH',
  'ERR_PIN_PAD_MISMATCH',
  'ERR_PIN_PAD_REFUSED',
  'ERR_PIN_PAD_TIMEOUT',
  // The session's own, which applications tell as ERR_PIN_KNOWN_WRONG.
  'ERR_PIN_REPEATED',
  // The reader's of data objects, which applications tell as ERR_CARD_DATA_INVALID.
  'ERR_TLV_FORMAT',
];

/** Every code in the sources of the packages that speak to a card. */
function codesInSources(): string[] {
  const codes = new Set<string>();
  for (const source of ['applets', 'iso7816'].flatMap((name) => sourcesOf(`packages/${name}/src`)))
    for (const [code] of readFileSync(source, 'utf8').matchAll(/\bERR_[A-Z][A-Z_]+[A-Z]\b/g)) codes.add(code);
  return [...codes].sort();
}

function sourcesOf(path: string): string[] {
  return readdirSync(join(repositoryFolder, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => join(parentPath, name));
}

describe('every way in which a card can fail has a fault trace:', () => {
  const codes = codesInSources();

  test('the codes that are left out are codes', () => {
    expect(codes.length).toBeGreaterThan(20);
    expect(codes).toEqual(expect.arrayContaining([...NOT_OF_THE_CARD]));
  });

  test.each(codes.filter((code) => !NOT_OF_THE_CARD.includes(code)))('%s', (code) => {
    expect(SCENARIOS.faults.filter(({ expect: end }) => end === code).length).toBeGreaterThan(0);
  });
});

/** The faults that the project's list has, as far as they pass between a program and one card, and their traces. */
const FAULT_LIST: Readonly<Record<string, readonly string[]>> = {
  'removed before a command': ['select-removed', 'sign-removed', 'attributes-removed', 'lock-removed'],
  'removed, and the answer is lost': ['pin-answer-lost-removed', 'change-answer-lost', 'secured-removed'],
  'reset by another program': ['certificate-reset', 'pin-answer-lost-reset', 'attributes-reset'],
  'a link that fails': ['link-unpowered', 'link-unresponsive', 'link-communication', 'link-service-gone'],
  'a slow card': ['authenticate-delay', 'certificate-delay'],
  'an answer that is cut': ['answer-nothing', 'sign-cut', 'sign-empty', 'answer-without-status-word'],
  'an answer that is too long': ['answer-too-long'],
  'lengths that never end': ['answer-never-ends', 'answer-announced-and-empty', 'length-never-right'],
  'lengths told by the card': ['link-61', 'link-6c'],
  'odd status words': ['status-word-unknown', 'sign-6f00', 'pin-refused'],
  'counters that cannot be': [
    'counter-of-another-pin',
    'counter-implausible',
    'counter-rises',
    'counter-jumps',
  ],
  'other bytes than the file has': ['read-short', 'my-number-bit-flip', 'record-forged-attributes'],
  'certificates that are none': [
    'certificate-empty',
    'file-blank',
    'file-erased',
    'file-cut-short',
    'file-endless',
  ],
  'another key in the certificate': ['certificate-wrong-key'],
  'wrong signatures': ['signature-short', 'signature-zero', 'signature-wrong-sign'],
  'wrong and blocked PINs': ['pin-wrong-auth', 'pin-wrong-sign', 'pin-blocked-auth', 'pin-last-try'],
};

test.each(Object.entries(FAULT_LIST))('%s has a fault trace', (_, files) => {
  expect(SCENARIOS.faults.map(({ file }) => file)).toEqual(expect.arrayContaining([...files]));
});
