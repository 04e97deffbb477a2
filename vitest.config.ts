import { defineConfig } from 'vitest/config';

/** Tests run from sources: the private export condition of every workspace package points at its `src`. */
const fromSources = {
  resolve: { conditions: ['@jpki/source'] },
  ssr: { resolve: { conditions: ['@jpki/source', 'node', 'import', 'default'] } },
};

const project = (name: string, include: string[], testTimeout = 20_000) => ({
  ...fromSources,
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: testTimeout,
    exclude: ['**/node_modules/**', '**/dist/**'],
  },
});

export default defineConfig({
  test: {
    // The pcsclite addon aborts the process in worker threads; forks keep every suite honest.
    pool: 'forks',
    reporters: ['default', './packages/interop/src/skipped-reporter.ts'],
    projects: [
      project('unit', ['packages/*/src/**/*.test.ts']),
      project('repo', ['packages/*.test.ts']),
      project('cli', ['packages/cli/test/**/*.test.ts'], 60_000),
      project('docs', ['docs/examples/test/**/*.test.ts'], 60_000),
      project('interop', ['packages/interop/test/**/*.test.ts'], 180_000),
    ],
  },
});
