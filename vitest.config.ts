import { defineConfig } from 'vitest/config';

/** Tests run from sources: the private export condition of every workspace package points at its `src`. */
const fromSources = {
  resolve: { conditions: ['@jpki/source'] },
  ssr: { resolve: { conditions: ['@jpki/source', 'node', 'import', 'default'] } },
};

const NEVER = ['**/node_modules/**', '**/dist/**'];

/**
 * Suites too long for the fast set: each status word, each changed byte, each variant of the card, each picture, each
 * command that the documentation prints.
 */
const EXHAUSTIVE = '{packages/*/{src,test},docs/examples/test}/**/*.exhaustive.test.ts';

/** The keys of the virtual cards, made once for all test files that ask for them. */
const SHARED_KEYS = { globalSetup: './packages/simulator/test/shared-keys.ts' };

/**
 * A vitest project; `seconds` is the watchdog of one test, never a measure of speed: some ten times what its longest test
 * takes on a machine of two processors, for one that has other work as well.
 */
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
    // By default one processor of two stays idle.
    maxWorkers: '100%',
    reporters: ['default', './packages/interop/src/skipped-reporter.ts'],
    projects: [
      // The files of a worker share one process: starting one for each costs more than most of them run.
      project('unit', '{packages,native-mocks}/*/src/**/*.test.ts', 120, {
        ...SHARED_KEYS,
        exclude: [...NEVER, EXHAUSTIVE],
        isolate: false,
      }),
      project('exhaustive', EXHAUSTIVE, 600, SHARED_KEYS),
      project('repo', 'packages/*.test.ts', 180),
      project('replay', 'packages/interop/replay/**/*.test.ts', 300),
      project('cli', 'packages/cli/test/**/*.test.ts', 300, {
        ...SHARED_KEYS,
        exclude: [...NEVER, EXHAUSTIVE],
      }),
      project('docs', 'docs/examples/test/**/*.test.ts', 300, { exclude: [...NEVER, EXHAUSTIVE] }),
      project('interop', 'packages/interop/test/**/*.test.ts', 600),
    ],
  },
});
