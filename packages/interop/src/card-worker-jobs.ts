import { setTimeout as delay } from 'node:timers/promises';
import { fromHex, toHex } from '@jpki/iso7816';
import { openPcsc, type Pcsc, type PcscChannel } from '@jpki/pcsc';
import { workerFailure } from './card-worker-failure.ts';
import type { SigningOutcome, WorkerJob, WorkerLine } from './card-worker-protocol.ts';
import { endureApdus, endureConnections } from './endurance.ts';
import { holdings } from './holdings.ts';
import { signingOn } from './signing-on.ts';

/** Milliseconds before a refused program tries again. */
const RETRY_DELAY = 50;

/** The jobs of a worker and what lasts between them. */
export class CardWork {
  readonly #say: (line: WorkerLine) => void;
  readonly #watching: AbortController = new AbortController();
  #pcsc: Pcsc | undefined;
  #channel: PcscChannel | undefined;
  #goOn: () => void = () => undefined;

  constructor(say: (line: WorkerLine) => void) {
    this.#say = say;
  }

  async run(job: WorkerJob): Promise<unknown> {
    switch (job.job) {
      case 'open':
        this.#pcsc = await openPcsc({ binding: job.binding });
        return;
      case 'readers':
        return this.#service.readers(job.timeout === undefined ? {} : { timeout: job.timeout });
      case 'connect':
        await this.#channel?.[Symbol.asyncDispose]();
        this.#channel = await this.#service.connect(job.reader, job.options);
        return this.#channel.share;
      case 'disconnect':
        return this.#connection[Symbol.asyncDispose]();
      case 'transmit':
        return toHex(await this.#connection.transmit(fromHex(job.hex)));
      case 'sign':
        return signingOn(this.#connection, job.key, job.text, () => (job.wait ? this.#told() : undefined));
      case 'go-on':
        return this.#goOn();
      case 'sign-often':
        return this.#signOften(job);
      case 'watch':
        void this.#watch();
        return;
      case 'endure-apdus':
        return endureApdus(this.#connection, job.count);
      case 'endure-connections':
        return endureConnections(this.#service, job);
      case 'measure':
        return holdings();
    }
  }

  async close(): Promise<void> {
    await this.#pcsc?.close();
  }

  get #service(): Pcsc {
    if (!this.#pcsc) throw new Error('nothing was opened');
    return this.#pcsc;
  }

  get #connection(): PcscChannel {
    if (!this.#channel) throw new Error('no card was connected to');
    return this.#channel;
  }

  #told(): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = resolve;
      this.#say({ event: 'verified' });
    });
  }

  async #watch(): Promise<void> {
    try {
      for await (const event of this.#service.watch({ signal: this.#watching.signal })) {
        this.#say({ event: event.type, ...('readerName' in event && { reader: event.readerName }) });
      }
    } catch (error) {
      this.#say({ event: `failed: ${workerFailure(error).message}` });
    }
  }

  /** Every outcome, those of the failed tries among them. */
  async #signOften(job: Extract<WorkerJob, { job: 'sign-often' }>): Promise<SigningOutcome[]> {
    const deadline = performance.now() + job.patience;
    const outcomes: SigningOutcome[] = [];
    for (let signed = 0; signed < job.times && performance.now() < deadline; ) {
      const outcome = await this.#signOnce(job);
      outcomes.push(outcome);
      if (outcome.made) signed++;
      else await delay(RETRY_DELAY);
    }
    return outcomes;
  }

  async #signOnce(job: Extract<WorkerJob, { job: 'sign-often' }>): Promise<SigningOutcome> {
    try {
      await using channel = await this.#service.connect(job.reader, job.options);
      return await signingOn(channel, 'sign', job.text);
    } catch (error) {
      return { pinSent: false, failure: workerFailure(error) };
    }
  }
}
