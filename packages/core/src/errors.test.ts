import { expect, test } from 'vitest';
import {
  CertificateFormatError,
  CmsFormatError,
  CoreError,
  DerError,
  SignatureMismatchError,
} from './errors.ts';

test.each([
  [new DerError('an element is missing', 7), 'ERR_DER', 'an element is missing (at byte 7)'],
  [new CertificateFormatError('no'), 'ERR_CERTIFICATE_FORMAT', 'no'],
  [new CmsFormatError('no'), 'ERR_CMS_FORMAT', 'no'],
])('%s has a stable code', (error, code, message) => {
  expect(error).toBeInstanceOf(CoreError);
  expect([error.code, error.message]).toEqual([code, message]);
  expect(error.name).toBe(error.constructor.name);
});

test('the cause is kept where there is one', () => {
  const cause = new DerError('x', 0);
  expect(new CmsFormatError('no', cause).cause).toBe(cause);
  expect('cause' in new CmsFormatError('no')).toBe(false);
});

test('a wrong signature of a signer has its own code', () => {
  expect(new SignatureMismatchError()).toMatchObject({
    code: 'ERR_SIGNATURE_MISMATCH',
    name: 'SignatureMismatchError',
  });
});
