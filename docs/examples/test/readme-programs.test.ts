import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the packages can be imported, and nothing is committed. */
const workshop = join(repository, 'docs/examples/node_modules/.programs');

const READMES = ['iso7816', 'core', 'applets', 'simulator'];

const NO_OUTPUT = {
  noEmit: true,
  composite: false,
  declaration: false,
  declarationMap: false,
  isolatedDeclarations: false,
  rewriteRelativeImportExtensions: false,
};

/** The programs of a document as one: what it imports once, then all else as it stands. */
function programOf(document: string): string {
  const blocks = [...document.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = '']) => text);
  const imported = new Map<string, Set<string>>();
  const bodies = blocks.map((block) =>
    block.replace(/^import (type )?\{([^}]*)\} from ('[^']*');\n/gm, (_, type = '', names, from) => {
      const all = imported.get(from) ?? new Set();
      for (const name of names.split(',').map((each: string) => each.trim())) {
        const bare = name.replace(/^type /, '');
        if (name !== '' && !all.has(bare)) all.add(type !== '' || name !== bare ? `type ${bare}` : bare);
      }
      imported.set(from, all);
      return '';
    }),
  );
  const imports = [...imported].map(([from, names]) => `import { ${valuesFirst(names)} } from ${from};`);
  return [...imports, ...bodies, 'export {};'].join('\n');
}

/** A name that one block imports as a type and another as a value is a value. */
const valuesFirst = (names: ReadonlySet<string>) =>
  [...names].filter((name) => !(name.startsWith('type ') && names.has(name.slice(5)))).join(', ');

test('the programs in the READMEs of the packages are right for the compiler', async () => {
  await mkdir(workshop, { recursive: true });
  const folder = await mkdtemp(join(workshop, 'readme-'));
  try {
    for (const name of READMES) {
      const readme = await readFile(join(repository, 'packages', name, 'README.md'), 'utf8');
      const program = programOf(readme);
      expect(program.length, name).toBeGreaterThan(100);
      await writeFile(join(folder, `${name}.ts`), program);
    }
    const tsconfig = {
      extends: join(repository, 'tsconfig.base.json'),
      // Against what is built, which is what a reader has.
      compilerOptions: { ...NO_OUTPUT, customConditions: [], noUnusedLocals: false, rootDir: repository },
      files: READMES.map((name) => `${name}.ts`),
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    const tsc = join(repository, 'node_modules/.bin/tsc');
    const said = await promisify(execFile)(tsc, ['-p', folder]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    expect(said).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});
