import { describe, expect, it } from 'vitest';
import { readersNamed } from './reader-name.ts';

const readers = ['ACS ACR122U', 'ACS ACR122U 01', 'RC-S300'].map((name) => ({ name }));
const named = (text: string | undefined) => readersNamed(readers, text).map(({ name }) => name);

describe('a name of a reader', () => {
  it('in full means that reader alone, whatever others are called', () => {
    expect(named('ACS ACR122U')).toEqual(['ACS ACR122U']);
    expect(named('ACS ACR122U 01')).toEqual(['ACS ACR122U 01']);
  });

  it('in part means all that have it, and without one all are meant', () => {
    expect(named('ACS')).toEqual(['ACS ACR122U', 'ACS ACR122U 01']);
    expect(named('S300')).toEqual(['RC-S300']);
    expect(named('none')).toEqual([]);
    expect(named(undefined)).toHaveLength(3);
  });
});
