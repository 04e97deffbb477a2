import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import type { PrivatePcscd } from './private-pcscd.ts';

/**
 * Takes the two readers of a vpcd driver entry away, until it is disposed of. pcscd does not unplug readers of its
 * configuration while it runs, so it is restarted without them.
 *
 * @param entry 0 for the first two slots, 1 for the next two.
 */
export async function unplugged(pcscd: PrivatePcscd, entry: number): Promise<AsyncDisposable> {
  const file = join(dirname(dirname(pcscd.environment.PCSCLITE_CSOCK_NAME)), 'conf', 'readers');
  const configuration = await readFile(file, 'utf8');
  await pcscd.stop();
  const others = configuration.split('\n\n').filter((_, at) => at !== entry);
  await writeFile(file, others.join('\n\n'));
  // pcscd counts as started when all slots listen: somebody must in the place of those that are gone.
  const places = await Promise.all(
    pcscd.slots.slice(2 * entry, 2 * entry + 2).map(({ port }) => holdPort(port)),
  );
  await pcscd.start();
  return {
    async [Symbol.asyncDispose]() {
      await pcscd.stop();
      for (const place of places) place.close();
      await writeFile(file, configuration);
      await pcscd.start();
    },
  };
}

/** Listens, and hangs up on whoever comes. */
async function holdPort(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
