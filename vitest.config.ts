import { defineConfig } from 'vitest/config';

/** Tests run from sources: the private export condition of every workspace package points at its `src`. */
const fromSources = {
  resolve: { conditions: ['@jpki/source'] },
  ssr: { resolve: { conditions: ['@jpki/source', 'node', 'import', 'default'] } },
};

const NEVER = ['**/node_modules/**', '**/dist/**'];

/** Suites that go through everything there is: each status word, each changed byte, each variant of the card. */
const EXHAUSTIVE = 'packages/*/src/**/*.exhaustive.test.ts';

/** A vitest project; `seconds` is the watchdog of one test, never a measure of speed. */
const project = (name: string, include: string, seconds: number, options: object = {}) => ({
  ...fromSources,
  test: {
    name,
    include: [include],
    exclude: NEVER,
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    ...options,
  },
});

export default defineConfig({
  test: {
    // The pcsclite addon aborts the process in worker threads; forks keep every suite honest.
    pool: 'forks',
    reporters: ['default', './packages/interop/src/skipped-reporter.ts'],
    projects: [
      // The files of a worker share one process: starting one for each costs more than most of them run.
      project('unit', 'packages/*/src/**/*.test.ts', 20, { exclude: [...NEVER, EXHAUSTIVE], isolate: false }),
      project('exhaustive', EXHAUSTIVE, 120),
      project('repo', 'packages/*.test.ts', 20),
      project('cli', 'packages/cli/test/**/*.test.ts', 60, {
        globalSetup: './packages/cli/test/shared-keys.ts',
      }),
      project('docs', 'docs/examples/test/**/*.test.ts', 60),
      project('interop', 'packages/interop/test/**/*.test.ts', 180),
    ],
  },
});
