import { describe, expect, test } from 'vitest';
import { run } from '../src/run.ts';

describe('run', () => {
  test('collects both outputs and the exit code', async () => {
    const result = await run('sh', ['-c', 'echo out; echo err >&2; exit 7']);
    expect(result).toMatchObject({ exitCode: 7, signal: null, stdout: 'out\n', stderr: 'err\n' });
  });

  test('feeds standard input and further file descriptors', async () => {
    const { stdout } = await run('sh', ['-c', 'cat; cat <&3; cat <&4'], {
      input: 'a',
      fds: { 3: 'b', 4: 'c' },
    });
    expect(stdout).toBe('abc');
  });

  test('sets and removes environment variables', async () => {
    const env = { JPKI_ONE: '1', HOME: undefined };
    expect((await run('sh', ['-c', 'echo "$JPKI_ONE"; test -z "$HOME" && echo none'], { env })).stdout).toBe(
      '1\nnone\n',
    );
  });

  test('kills what does not end in time and says what it had printed', async () => {
    await expect(run('sh', ['-c', 'echo waiting; exec sleep 60'], { timeout: 3_000 })).rejects.toThrow(
      /did not end within 3000 ms\nwaiting/,
    );
  });

  test('is no victim of a process that does not read its input', async () => {
    expect((await run('true', [], { input: new Uint8Array(1_000_000) })).exitCode).toBe(0);
  });
});
