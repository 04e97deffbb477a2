import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Exit } from './exit-codes.ts';
import { listenForInterruption } from './interruption.ts';

/** The terminal closes: the ending signal that nobody else here listens to. */
const signalled = () => process.emit('SIGHUP', 'SIGHUP');

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('an ending signal', () => {
  it('aborts, and a second one leaves the card the time to be locked before it ends the process', () => {
    const { signal, stop } = listenForInterruption(() => false);
    signalled();
    expect(signal.aborted).toBe(true);
    signalled();
    expect(process.exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(3_000);
    expect(process.exit).toHaveBeenCalledWith(Exit.INTERRUPTED);
    stop();
  });

  it('ends nothing once the command has ended', () => {
    const { stop } = listenForInterruption(() => false);
    signalled();
    signalled();
    stop();
    vi.advanceTimersByTime(3_000);
    expect(process.exit).not.toHaveBeenCalled();
  });

  it('ends nothing however often it comes, while the process must wait', () => {
    let mustWait = true;
    const { stop } = listenForInterruption(() => mustWait);
    for (let times = 0; times < 5; times++) signalled();
    vi.advanceTimersByTime(60_000);
    expect(process.exit).not.toHaveBeenCalled();
    mustWait = false;
    signalled();
    vi.advanceTimersByTime(3_000);
    expect(process.exit).toHaveBeenCalledWith(Exit.INTERRUPTED);
    stop();
  });
});
