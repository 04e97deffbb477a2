/** One way to PC/SC in a process of its own; does what it reads from its input, a line at a time. */
import { stat } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { openPcsc } from '@jpki/pcsc';
import { READ, SLOW } from './commands.ts';
import type { Way } from './way.ts';
import { BINDINGS, WAYS } from './ways.ts';

const [name = '', reader = ''] = process.argv.slice(2);
let way: Way | undefined;

async function opened(): Promise<Way> {
  way ??= await WAYS[name]?.(reader);
  if (way === undefined) throw new Error(`no way is called ${name}`);
  return way;
}

/** Microseconds a round trip. */
async function transmit(count: number): Promise<number> {
  const { transmit } = await opened();
  const start = performance.now();
  for (let call = 0; call < count; call++) await transmit(READ);
  return ((performance.now() - start) * 1000) / count;
}

/** Bytes by which the resident memory grows over so many round trips, after as many to warm up. */
async function memory(count: number): Promise<number> {
  await transmit(count / 6);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  await transmit(count);
  globalThis.gc?.();
  return process.memoryUsage.rss() - before;
}

/** Longest pause of the event loop, and longest question to the file system, during four slow commands, ms. */
async function delay(): Promise<string> {
  const { transmit } = await opened();
  await transmit(READ);
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  let worstStat = 0;
  let running = true;
  const asking = (async () => {
    while (running) {
      const start = performance.now();
      await stat('/');
      worstStat = Math.max(worstStat, performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  for (let call = 0; call < 4; call++) await transmit(SLOW);
  running = false;
  await asking;
  return `${(histogram.max / 1e6).toFixed(2)} ${worstStat.toFixed(2)}`;
}

/** Waits for a card, and tells the wall clock when it was told of one, ms. Only for the layer of this project. */
async function insertion(): Promise<number> {
  const binding = BINDINGS[name];
  if (binding === undefined) throw new Error(`${name} is no binding of this project`);
  const pcsc = await openPcsc({ binding });
  await pcsc.readers();
  console.log('ready');
  for await (const event of pcsc.watch()) {
    if (event.type === 'card-inserted' && event.readerName === reader) break;
  }
  const seen = performance.timeOrigin + performance.now();
  await pcsc.close();
  return seen;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [word = '', argument = ''] = line.split(' ');
  if (word === 'transmit') console.log(await transmit(Number(argument)));
  if (word === 'memory') console.log(await memory(Number(argument)));
  if (word === 'delay') console.log(await delay());
  if (word === 'insertion') console.log(await insertion());
}
await way?.close();
