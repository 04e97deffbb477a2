import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { PIN_POLICY } from '../pin-policy.ts';
import { cardMap } from './index.ts';

const applicationNamed = (name: string) => cardMap.find((application) => application.name === name);

describe('the map of the card', () => {
  test('has every application once', () => {
    const aids = cardMap.map(({ aid }) => toHex(aid));
    expect(new Set(aids).size).toBe(aids.length);
    expect(aids).toHaveLength(6);
  });

  test.each(cardMap.map((application) => [application.name, application] as const))(
    'names every file of %s once, in the range that has short identifiers',
    (_, { files }) => {
      const ids = files.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id >= 0x01 && id <= 0x1e).toBe(true);
    },
  );

  test('knows every secret the card has, with its tries, and nothing else as a PIN', () => {
    const files = cardMap.flatMap((application) => application.files);
    const secrets = files.filter(({ holds }) => holds === 'pin');
    expect(new Set(secrets.map(({ reference }) => reference))).toEqual(new Set(Object.keys(PIN_POLICY)));
    for (const { reference, maxTries } of secrets)
      expect(maxTries).toBe(reference && PIN_POLICY[reference].maxTries);
    for (const { holds, reference } of files) expect(reference !== undefined).toBe(holds === 'pin');
  });

  test('calls public only what every card of its kind has', () => {
    const isPublic = ({ holds }: { readonly holds: string }) => holds === 'public';
    const names = cardMap.map((application) => [
      application.name,
      [...application.files, ...application.dataObjects].filter(isPublic).map(({ name }) => name),
    ]);
    expect(Object.fromEntries(names)).toEqual({
      'card manager': ['card recognition data', 'ATR of the contact side'],
      JPKI: [
        'CA of the digital signature certificate',
        'token information',
        'which certificates exist',
        'CA of the user authentication certificate',
      ],
      'input support': [],
      'card surface': [],
      'resident register': [],
      common: [],
    });
  });

  test('sets the serial number of the token apart from its public rest', () => {
    const token = applicationNamed('JPKI')?.files.find(({ id }) => id === 0x06);
    expect(token?.parts).toMatchObject([{ start: 80, end: 96, holds: 'identifying' }]);
  });
});
