import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { afterPatience, within } from './deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a wait with a question', () => {
  const never = () => new Promise<void>(() => undefined);
  const limits = { timeout: 60_000, subject: 'it' };

  test('asks again and again, and ends where it is not answered', async () => {
    const silence = new Error('silence');
    let asked = 0;
    const question = async () => {
      asked += 1;
      if (asked === 3) throw silence;
    };
    const waiting = expect(within(never(), { ...limits, question })).rejects.toBe(silence);
    await vi.advanceTimersByTimeAsync(999);
    expect(asked).toBe(0);
    await vi.advanceTimersByTimeAsync(2_001);
    await waiting;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(3);
  });

  test('asks nothing once it is over', async () => {
    let asked = 0;
    const question = async () => {
      asked += 1;
    };
    let end: () => void = () => undefined;
    const waiting = within(new Promise<void>((resolve) => (end = resolve)), { ...limits, question });
    await vi.advanceTimersByTimeAsync(1_500);
    end();
    await waiting;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(1);
  });
});

describe('a patience', () => {
  test('ends after its time, once', async () => {
    const onEnd = vi.fn();
    afterPatience(1_000, onEnd);
    await vi.advanceTimersByTimeAsync(950);
    expect(onEnd).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(onEnd).toHaveBeenCalledOnce();
  });

  test('can be called off at every moment', async () => {
    const onEnd = vi.fn();
    const callOff = afterPatience(1_000, onEnd);
    await vi.advanceTimersByTimeAsync(500);
    callOff();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(onEnd).not.toHaveBeenCalled();
  });

  test('is not spent by a program that stood still', async () => {
    vi.useRealTimers();
    const onEnd = vi.fn();
    const callOff = afterPatience(200, onEnd);
    const until = performance.now() + 250;
    while (performance.now() < until) {
      // As a long computation does.
    }
    await new Promise((resolve) => setTimeout(resolve));
    expect(onEnd).not.toHaveBeenCalled();
    callOff();
  });
});
