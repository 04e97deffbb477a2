import { describe, expect, test } from 'vitest';
import { FINDINGS, finding, type NotChecked, statusOf, worstStatus } from './verdict.ts';

const REVOCATION: NotChecked = { code: 'REVOCATION', reason: 'nobody looked' };

describe('a status', () => {
  test('is valid when nothing was found and nothing is open', () => {
    expect(statusOf([])).toBe('valid');
  });

  test('is indeterminate while something is open', () => {
    expect(statusOf([], [REVOCATION])).toBe('indeterminate');
  });

  test('is decided by errors before warnings', () => {
    expect(statusOf([finding('CA_UNKNOWN')])).toBe('indeterminate');
    expect(statusOf([finding('CA_UNKNOWN'), finding('SIGNATURE_WRONG')], [REVOCATION])).toBe('invalid');
  });

  test('of several is the worst of them, and of none invalid', () => {
    expect(worstStatus(['valid', 'indeterminate', 'invalid', 'valid'])).toBe('invalid');
    expect(worstStatus(['valid', 'indeterminate'])).toBe('indeterminate');
    expect(worstStatus(['valid'])).toBe('valid');
    expect(worstStatus([])).toBe('invalid');
  });
});

test.each(Object.entries(FINDINGS))('%s has a severity, a sub-indication and a sentence', (code, facts) => {
  const [severity, subIndication, message] = facts;
  expect(['error', 'warning']).toContain(severity);
  expect(subIndication).toMatch(/^[A-Z_]+$/);
  expect(message).toMatch(/^[a-z].*[^.]$/);
  expect(Object.values(FINDINGS).filter(([, , other]) => other === message)).toHaveLength(1);
  expect(code).toMatch(/^[A-Z_]+$/);
});

test('only what proves a forgery or a defect is an error', () => {
  const errors = Object.entries(FINDINGS).filter(([, [severity]]) => severity === 'error');
  expect(errors.map(([code]) => code).sort()).toEqual([
    'CERTIFICATE_MALFORMED',
    'CONTENT_CHANGED',
    'FORMAT_INVALID',
    'SIGNATURE_WRONG',
    'SIGNER_CERTIFICATE_SWAPPED',
  ]);
});
