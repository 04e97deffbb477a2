import { describe, expect, test } from 'vitest';
import {
  BASIC_CONSTRAINTS_CA,
  CLIENT_AUTH,
  extension,
  keyUsage,
  policies,
  subjectKeyIdentifier,
} from '../../test/support/certificates.ts';
import { DerReader } from '../der/reader.ts';
import { bitString, element, integer, NULL, octetString, sequence, TRUE } from '../der/writer.ts';
import { CertificateFormatError, CoreError } from '../errors.ts';
import { Extensions, KeyUsage } from './extensions.ts';

const read = (...list: readonly Uint8Array[]) => Extensions.read(new DerReader(sequence(...list)));

describe('known extensions', () => {
  test('keyUsage is its first byte', () => {
    expect(read(keyUsage(0xc0)).keyUsage()).toBe(KeyUsage.digitalSignature | KeyUsage.nonRepudiation);
    expect(read(keyUsage(0x06)).keyUsage()).toBe(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    expect(read().keyUsage()).toBeUndefined();
  });

  test('cA is false unless it is said', () => {
    expect(read(BASIC_CONSTRAINTS_CA).isCa()).toBe(true);
    expect(read(extension('2.5.29.19', sequence())).isCa()).toBe(false);
    expect(read(extension('2.5.29.19', sequence(TRUE, integer(0)))).isCa()).toBe(true);
    expect(read().isCa()).toBe(false);
  });

  test('key identifiers, policies and extended key usages are read', () => {
    const id = Uint8Array.of(1, 2, 3);
    const authority = extension('2.5.29.35', sequence(element(0x80, id)));
    const extensions = read(subjectKeyIdentifier(id), authority, policies('1.2.3', '1.2.4'), CLIENT_AUTH);
    expect([...(extensions.subjectKeyIdentifier() ?? [])]).toEqual([1, 2, 3]);
    expect([...(extensions.authorityKeyIdentifier() ?? [])]).toEqual([1, 2, 3]);
    expect(extensions.policies()).toEqual(['1.2.3', '1.2.4']);
    expect(extensions.extendedKeyUsages()).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  test('what is absent is empty, not an error', () => {
    const extensions = read();
    expect(extensions.subjectKeyIdentifier()).toBeUndefined();
    expect(extensions.authorityKeyIdentifier()).toBeUndefined();
    expect(read(extension('2.5.29.35', sequence())).authorityKeyIdentifier()).toBeUndefined();
    expect([extensions.policies(), extensions.extendedKeyUsages()]).toEqual([[], []]);
  });
});

describe('criticality', () => {
  test.each(['2.5.29.30', '2.5.29.36', '2.5.29.54', '1.2.3.4', '2.5.30.15', '2.5.29.15.1'])(
    'a critical extension %s that is not applied is remembered',
    (oid) => {
      expect(read(extension(oid, sequence(), true)).unknownCritical).toBe(true);
      expect(read(extension(oid, sequence(), true), extension('1.2.9', NULL)).unknownCritical).toBe(true);
      expect(read(extension(oid, sequence())).unknownCritical).toBe(false);
    },
  );

  test('a critical extension that is applied is none', () => {
    expect(read(keyUsage(0x80), BASIC_CONSTRAINTS_CA, policies('1.2.3')).unknownCritical).toBe(false);
  });
});

describe('refused at once', () => {
  test.each([
    ['two of a known kind', [keyUsage(0x80), keyUsage(0xc0)]],
    ['two of an unknown kind', [extension('1.2.3', NULL), extension('1.2.3', TRUE)]],
    ['65 extensions', Array.from({ length: 65 }, (_, i) => extension(`1.2.${i}`, NULL))],
    ['a criticality of 01', [sequence(extensionId(), Uint8Array.of(1, 1, 1), octetString(NULL))]],
    ['no value', [sequence(extensionId())]],
    ['fields after the value', [sequence(extensionId(), octetString(NULL), NULL)]],
  ])('%s', (_, list) => {
    expect(() => read(...list)).toThrow(CoreError);
  });

  test('bytes after the list', () => {
    expect(() => Extensions.read(new DerReader(Buffer.concat([sequence(), NULL])))).toThrow(CoreError);
  });

  function extensionId(): Uint8Array {
    return Uint8Array.of(0x06, 3, 0x55, 0x1d, 15);
  }
});

describe('refused when asked for', () => {
  test.each([
    ['keyUsage without bits', bitString(new Uint8Array())],
    ['keyUsage with nine unused bits', element(0x03, Uint8Array.of(9, 0x80))],
    ['keyUsage that is no BIT STRING', octetString(Uint8Array.of(0x80))],
    ['keyUsage with bytes behind it', Buffer.concat([bitString(Uint8Array.of(0x80)), NULL])],
    ['an empty keyUsage', new Uint8Array()],
  ])('%s', (_, value) => {
    expect(() => read(extension('2.5.29.15', value)).keyUsage()).toThrow(CoreError);
  });

  test('the others, where they are no DER', () => {
    const bad = Uint8Array.of(0x30, 0x80, 0, 0);
    const extensions = read(
      ...['2.5.29.14', '2.5.29.19', '2.5.29.32', '2.5.29.35', '2.5.29.37'].map((oid) => extension(oid, bad)),
    );
    expect(() => extensions.subjectKeyIdentifier()).toThrow(CoreError);
    expect(() => extensions.isCa()).toThrow(CoreError);
    expect(() => extensions.policies()).toThrow(CoreError);
    expect(() => extensions.authorityKeyIdentifier()).toThrow(CoreError);
    expect(() => extensions.extendedKeyUsages()).toThrow(CoreError);
  });

  test('a cA that is neither 00 nor FF, which one reader takes for true and another for false', () => {
    const odd = extension('2.5.29.19', sequence(Uint8Array.of(1, 1, 1)));
    expect(() => read(odd).isCa()).toThrow(CoreError);
  });
});

test('errors of this file are certificate errors or DER errors', () => {
  expect(() => read(keyUsage(0x80), keyUsage(0x80))).toThrow(CertificateFormatError);
});
