import { digestOf } from '@jpki/core';
import { JpkiApplication } from '../src/jpki/application.ts';
import { type Bench, benches, type InsertOptions } from './cards.ts';

/** PINs of the personas that have certificates. */
export const SIGN_PIN = 'ABC123';
export const AUTH_PIN = '1234';

/** SHA-256 of `a document`. */
export const digest: Uint8Array = digestOf('sha256', Buffer.from('a document'));

/** A virtual card with its JPKI application. */
export interface JpkiBench extends Bench {
  readonly jpki: JpkiApplication;
}

/** Inserts cards of the PKI whose keys all test files share. */
export function jpkiCards(): (options?: InsertOptions) => Promise<JpkiBench> {
  const { insert } = benches();
  return async (options) => {
    const bench = await insert(options);
    return { ...bench, jpki: new JpkiApplication(bench.card) };
  };
}

/** Whether the card refuses to sign, asked over a second application object with no PIN. */
export async function refusesToSign({ card }: Bench): Promise<boolean> {
  const answers = await card.exclusive(async (session) => {
    await session.selectDf(Buffer.from('D392F000260100000001', 'hex'));
    const words = [];
    for (const key of [0x0017, 0x001a]) {
      await session.selectEf(key);
      const { sw } = await session.transmit({ cla: 0x80, ins: 0x2a, p1: 0, p2: 0x80, data: digest, le: 256 });
      words.push(sw);
    }
    return words;
  });
  return answers.every((sw) => sw === 0x6982);
}
