import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { mayNothingBeMissing, missingIn } from './requirement.ts';

interface SkippedEntry {
  readonly title: string;
  readonly tests: number;
  readonly reason: string;
}

/**
 * Counts what ran, and names what did not. A skipped test is easily read as a green one; so every skipped suite or test is listed
 * at the end, with its reason and the number of tests, and with `JPKI_REQUIRE_ALL=1` any of them fails the run.
 * Runs narrowed by a name pattern (`-t`) are left alone: what they leave out was left out on purpose.
 */
class SkippedReporter implements Reporter {
  #narrowed = false;

  onInit(vitest: Vitest): void {
    this.#narrowed = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (wanted: string) => states.filter((state) => state === wanted).length;
    // One plain line for whoever reads logs by machine.
    console.log(`\ntests: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
    if (this.#narrowed) return;
    const entries = modules.flatMap((module) => skippedIn(module));
    if (entries.length === 0) return;
    const total = entries.reduce((sum, entry) => sum + entry.tests, 0);
    const lines = entries.map((entry) => `   ${entry.title} (${entry.tests}): ${entry.reason}`);
    console.log(`\n Skipped: ${total} ${total === 1 ? 'test' : 'tests'}\n${lines.join('\n')}\n`);
    if (mayNothingBeMissing()) {
      console.error(' JPKI_REQUIRE_ALL=1: skipped tests fail this run.\n');
      process.exitCode = 1;
    }
  }
}

export default SkippedReporter;

/** One entry for a suite that was skipped whole, else one for each of its skipped tests. */
function skippedIn(parent: TestModule | TestSuite): SkippedEntry[] {
  const all = [...parent.children.allTests()];
  const skipped = all.filter((test) => test.result().state === 'skipped');
  if (skipped.length === 0) return [];
  const wholeSuite = skipped.length === all.length && parent.type === 'suite';
  if (wholeSuite && new Set(skipped.map(reasonOf)).size === 1) {
    const [first] = skipped;
    return [{ title: titleOf(parent), tests: skipped.length, reason: reasonOf(first) }];
  }
  return parent.children
    .array()
    .flatMap((child) =>
      child.type === 'suite'
        ? skippedIn(child)
        : child.result().state === 'skipped'
          ? [{ title: titleOf(child), tests: 1, reason: reasonOf(child) }]
          : [],
    );
}

function titleOf(entity: TestCase | TestSuite): string {
  return `${entity.module.relativeModuleId} > ${entity.fullName}`;
}

function reasonOf(test: TestCase | undefined): string {
  const missing = missingIn(test?.meta() ?? {});
  if (missing.length > 0) return missing.map(({ name, remedy }) => `no ${name} (${remedy})`).join('; ');
  const result = test?.result();
  return (result?.state === 'skipped' && result.note) || 'no reason given';
}
