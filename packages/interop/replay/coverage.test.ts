import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

describe('every way in which a card can fail has a fault trace:', () => {
  test.each([
    'ERR_APPLICATION_NOT_FOUND',
    'ERR_CARD_DATA_INVALID',
    'ERR_CARD_FORGED',
    'ERR_CARD_LIMIT',
    'ERR_CARD_MALFORMED_RESPONSE',
    'ERR_CARD_REMOVED',
    'ERR_CARD_RESET',
    'ERR_CARD_SIGNATURE_INVALID',
    'ERR_CARD_STATUS_WORD',
    'ERR_CERTIFICATE_ABSENT',
    'ERR_PIN_BLOCKED',
    'ERR_PIN_CHANGE_REFUSED',
    'ERR_PIN_CHANGE_UNKNOWN',
    'ERR_PIN_COUNTER_CHANGED',
    'ERR_PIN_COUNTER_IMPLAUSIBLE',
    'ERR_PIN_FORMAT',
    'ERR_PIN_INCORRECT',
    'ERR_PIN_KNOWN_WRONG',
    'ERR_PIN_LAST_TRY',
    'ERR_PIN_OUTCOME_UNKNOWN',
    'ERR_PIN_REFUSED',
    'ERR_PIN_REQUIRED',
  ])('%s', (code) => {
    expect(SCENARIOS.faults.filter(({ expect: end }) => end === code).length).toBeGreaterThan(0);
  });
});
