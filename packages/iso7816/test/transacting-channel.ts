import { FakeChannel } from './fake-channel.ts';

/** A channel whose transactions are recorded, and which begins one only when `mayBegin` says so. */
export class TransactingChannel extends FakeChannel {
  readonly events: string[] = [];
  mayBegin: Promise<void> = Promise.resolve();

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.mayBegin;
    this.events.push('begin');
    try {
      return await work();
    } finally {
      this.events.push('end');
    }
  }
}
