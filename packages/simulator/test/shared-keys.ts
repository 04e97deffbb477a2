import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the keys that the virtual cards of all test files share: making them takes longer than most tests. */
    simulatorKeys: string;
  }
}

/** Makes one set of keys for the run, and removes it afterwards. */
export default async function shareKeys(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'jpki-keys-'));
  project.provide('simulatorKeys', join(folder, 'pki'));
  return () => rmSync(folder, { recursive: true, force: true });
}
