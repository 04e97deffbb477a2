/**
 * Has the jobs of settled promises run soon. A callback of the addon (pcsclite 1.0.1, nan 2.30.0) is the last thing
 * that happens on the main thread until the next event, and Node 26 runs no promise jobs after it: without this
 * whoever awaits would be woken by the next timer.
 */
export function runPromiseJobs(): void {
  setImmediate(() => undefined);
}
