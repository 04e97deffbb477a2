import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NOTICE_AFTER, withNotice } from './waiting-notice.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells once what is waited for, and nothing where it came in time', async () => {
  const tell = vi.fn();
  let resolve: (card: string) => void = () => undefined;
  const promise = new Promise<string>((resolved) => {
    resolve = resolved;
  });
  const waiting = withNotice(promise, tell);
  await vi.advanceTimersByTimeAsync(NOTICE_AFTER - 1);
  expect(tell).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10 * NOTICE_AFTER);
  resolve('the card');
  expect(await waiting).toBe('the card');
  expect(tell).toHaveBeenCalledOnce();
});

it('is silent after the end, a failure too', async () => {
  const tell = vi.fn();
  await expect(withNotice(Promise.reject(new Error('no card')), tell)).rejects.toThrow('no card');
  await withNotice(Promise.resolve(), tell);
  await vi.advanceTimersByTimeAsync(10 * NOTICE_AFTER);
  expect(tell).not.toHaveBeenCalled();
});
