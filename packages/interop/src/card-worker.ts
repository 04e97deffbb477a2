/**
 * A program of a user of PC/SC, in a process of its own: it does what it is told by JSON lines on its input and tells
 * what came of it on its output. When its input ends it closes everything, and must then end by itself.
 */
import { createInterface } from 'node:readline';
import { workerFailure } from './card-worker-failure.ts';
import { CardWork } from './card-worker-jobs.ts';
import type { WorkerJob, WorkerLine } from './card-worker-protocol.ts';

const say = (line: WorkerLine) => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const work = new CardWork(say);

async function answer(id: number, job: WorkerJob): Promise<void> {
  try {
    say({ id, value: (await work.run(job)) ?? null });
  } catch (error) {
    say({ id, failure: workerFailure(error) });
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...job }: WorkerJob & { readonly id: number } = JSON.parse(line);
  void answer(id, job);
}
await work.close();
