import { describe, expect, it } from 'vitest';
import { CallWatch } from './call-watch.ts';

const watch = (timeout: number, question?: () => Promise<void>) =>
  new CallWatch({ timeout, subject: 'the card', question });

const never = () => new Promise<never>(() => undefined);

describe('a watched call', () => {
  it('gives what it gives', async () => {
    const calls = watch(10_000);
    expect(await calls.within(Promise.resolve(1))).toBe(1);
    await expect(calls.within(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    calls.close();
  });

  it('is given up after its time, and the next one has its own', async () => {
    const calls = watch(20);
    await expect(calls.within(never())).rejects.toMatchObject({
      code: 'ERR_PCSC_TIMEOUT',
      remedy: 'retry',
      message: 'the card did not answer within 20 ms',
    });
    expect(await calls.within(Promise.resolve(2))).toBe(2);
    calls.close();
  });

  it('that comes after it was given up ends no other call', async () => {
    const calls = watch(20);
    let answer = (_: number) => {};
    const late = new Promise<number>((resolve) => {
      answer = resolve;
    });
    await expect(calls.within(late)).rejects.toMatchObject({ code: 'ERR_PCSC_TIMEOUT' });
    const next = expect(calls.within(never())).rejects.toMatchObject({ code: 'ERR_PCSC_TIMEOUT' });
    answer(1);
    await next;
    calls.close();
  });

  it('ends with what a silent service is told to be', async () => {
    const silent = new Error('the service is silent');
    const calls = watch(10_000, () => Promise.reject(silent));
    await expect(calls.within(never())).rejects.toBe(silent);
    calls.close();
  });
});
