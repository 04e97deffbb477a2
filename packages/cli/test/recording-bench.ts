import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Bench, type Run } from './jpki.ts';

/** What a command is given on its descriptors. */
export interface Secrets {
  readonly pin?: string;
  readonly second?: string;
}

const fds = ({ pin }: Secrets) => (pin === undefined ? [] : ['--pin-fd', '3']);

/** A folder in which commands are recorded and replayed. */
export class RecordingBench extends Bench {
  /** Runs a command with the virtual card, and records it. */
  record(trace: string, args: readonly string[], secrets: Secrets = {}): Promise<Run> {
    return this.call(['--card', 'sim:', '--trace', trace, ...args, ...fds(secrets)], secrets);
  }

  /** Runs a command with the trace as its card. */
  replay(trace: string, args: readonly string[], secrets: Secrets = {}): Promise<Run> {
    return this.call(['--card', `trace:${trace}`, ...args, ...fds(secrets)], secrets);
  }

  /** The recorded `jpki status`, for tests that change it. */
  async statusTrace(): Promise<string> {
    if (!existsSync(this.path('base.apdu'))) await this.record('base.apdu', ['status']);
    return this.read('base.apdu');
  }

  /** A text file of the folder. */
  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.path(name), content);
  }
}
