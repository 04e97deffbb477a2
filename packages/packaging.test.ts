import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, test } from 'vitest';
import {
  entriesOf,
  inRepository,
  publicFolders,
  readManifest,
  withoutComments,
} from './workspace-sources.ts';

const names = publicFolders().map((folder) => folder.replace('packages/', ''));
const read = (path: string) => readFileSync(inRepository(path), 'utf8');

/** A name that a module hands on from another one. */
interface Reexport {
  readonly name: string;
  readonly source: string;
}

/** The names in every `export { … } from '…'` of a module, as they are called where they are defined. */
function reexportsOf(path: string): Reexport[] {
  const lists = withoutComments(read(path)).matchAll(
    /\bexport\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'([^']+)'/g,
  );
  return [...lists].flatMap(([, list = '', specifier = '']) =>
    list
      .split(',')
      .map((item) => item.trim().replace(/^type\s+/, ''))
      .filter((item) => item !== '')
      .map((item) => ({
        name: item.split(/\s+as\s+/)[0] ?? item,
        source: posix.join(posix.dirname(path), specifier),
      })),
  );
}

/** The exported names of `text` whose definition does not follow a TSDoc comment at once. */
function undocumented(text: string, wanted?: string): string[] {
  const definitions = text.matchAll(
    /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/gm,
  );
  const first = new Map<string, number>();
  for (const { 1: name = '', index } of definitions) if (!first.has(name)) first.set(name, index);
  if (wanted !== undefined && !first.has(wanted)) return [`${wanted} (not found)`];
  return [...first].flatMap(([name, index]) => {
    if (wanted !== undefined && name !== wanted) return [];
    const before = text.slice(0, index).trimEnd();
    const isDocumented = before.endsWith('*/') && before.slice(before.lastIndexOf('/*')).startsWith('/**');
    return isDocumented ? [] : [name];
  });
}

/** What an entry exports without a TSDoc comment, through any number of index files. */
function undocumentedIn(path: string): string[] {
  const own = undocumented(read(path)).map((name) => `${path}: ${name}`);
  const handedOn = reexportsOf(path).flatMap(({ name, source }) => {
    const further = reexportsOf(source).find((next) => next.name === name);
    const file = further?.source ?? source;
    return undocumented(read(file), name).map((missing) => `${file}: ${missing}`);
  });
  return [...own, ...handedOn];
}

describe.each(names)('packages/%s', (name) => {
  const manifest = readManifest(`packages/${name}`);
  const entries = entriesOf(name);

  test('explains everything it exports in a TSDoc comment', () => {
    expect(entries.flatMap(({ source }) => undocumentedIn(source))).toEqual([]);
  });

  test('declares its entries, files and nature alike', () => {
    expect(manifest).toMatchObject({
      name: `@jpki/${name}`,
      type: 'module',
      license: 'Apache-2.0',
      sideEffects: false,
      engines: { node: readManifest('.').engines?.['node'] },
      files: expect.arrayContaining(['dist', 'src', '!src/**/*.test.ts']),
    });
    expect(manifest.private).toBeUndefined();
    for (const [subpath, conditions] of Object.entries(manifest.exports ?? {})) {
      // The order counts: the first condition that holds is taken.
      expect(Object.keys(conditions), subpath).toEqual(['@jpki/source', 'types', 'default']);
      const source = conditions['@jpki/source'] ?? '';
      expect(existsSync(inRepository(`packages/${name}/${source}`)), source).toBe(true);
      const built = source.replace('./src/', './dist/').replace(/\.ts$/, '');
      expect(conditions).toMatchObject({ types: `${built}.d.ts`, default: `${built}.js` });
    }
  });

  test('satisfies publint', async () => {
    const pkgDir = inRepository(`packages/${name}`);
    const built = entries.every(({ source }) =>
      existsSync(inRepository(source.replace('/src/', '/dist/').replace(/\.ts$/, '.js'))),
    );
    if (!built) expect.fail(`packages/${name} is not built: run \`pnpm build\` first (\`pnpm check\` does)`);
    const { messages, pkg } = await publint({ pkgDir, level: 'warning', strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });
});

describe('behavior: the check of TSDoc', () => {
  test.each([
    ['export const x: number = 1;', ['x']],
    ['// a remark\nexport function f(): void {}', ['f']],
    ['/* no TSDoc */\nexport class C {}', ['C']],
    ['/** For another one. */\nconst y = 1;\nexport interface I {}', ['I']],
    ['/** Said. */\nexport type T = 1;', []],
    ['/**\n * Said.\n */\nexport async function f(): Promise<void> {}', []],
    ['/** Said once. */\nexport function f(a: 1): void;\nexport function f(a: 2): void;', []],
  ])('%j lacks %j', (text, missing) => {
    expect(undocumented(text)).toEqual(missing);
  });

  test('a name that is nowhere is told', () => {
    expect(undocumented('/** Said. */\nexport const x = 1;', 'y')).toEqual(['y (not found)']);
  });
});
