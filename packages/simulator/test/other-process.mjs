// Runs one job on the sources in a process of its own. Says "ready", does the job at the first line of input, and
// says what came out as one line of JSON.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createViteServer } from 'vitest/node';

const [job, ...args] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const server = await createViteServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
  resolve: { conditions: ['@jpki/source'] },
  ssr: { resolve: { conditions: ['@jpki/source', 'node', 'import', 'default'] }, noExternal: [/^@jpki\//] },
});
const { jobs } = await server.ssrLoadModule('/test/process-jobs.ts');

for await (const _ of readyAndWaiting()) {
  console.log(JSON.stringify((await jobs[job](...args)) ?? null));
  break;
}
await server.close();
process.exit(0);

function readyAndWaiting() {
  const lines = createInterface({ input: process.stdin });
  console.log('ready');
  return lines;
}
