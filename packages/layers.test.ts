import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  inRepository,
  isTest,
  type Manifest,
  readManifest,
  type SourceFile,
  sourceFiles,
  withoutComments,
  workspaceFolders,
} from './workspace-sources.ts';

/** What a package may import. Internal names are written without the scope. */
interface Layer {
  readonly internal: readonly string[];
  readonly external?: readonly string[];
  /** May be absent at run time: native code, or a large decoder. */
  readonly optional?: readonly string[];
  /** For tests only. */
  readonly internalForTests?: readonly string[];
  readonly externalForTests?: readonly string[];
  /** False where the package must load in a browser. Default true. */
  readonly node?: boolean;
}

/**
 * Who may import whom: the one table. Arrows point downwards only, and a new one is a reviewed change here.
 * The native addon is reachable from `pcsc` alone, so a server that verifies documents never installs it.
 */
const layers: Readonly<Record<string, Layer>> = {
  iso7816: { internal: [], node: false },
  core: { internal: [] },
  pcsc: { internal: ['iso7816'], optional: ['pcsclite', 'pcsc-mini'], internalForTests: ['mock-pcsclite'] },
  applets: { internal: ['iso7816', 'core'], internalForTests: ['simulator'] },
  simulator: { internal: ['iso7816', 'core'] },
  trace: { internal: ['iso7816', 'core', 'applets'], internalForTests: ['simulator'] },
  cli: {
    internal: ['iso7816', 'core', 'pcsc', 'trace', 'applets', 'simulator'],
    external: ['yargs', 'pngjs'],
    optional: ['@cornerstonejs/codec-openjpeg'],
    externalForTests: ['@types/yargs', '@types/pngjs'],
  },
};

/** Private packages: they may use everything, and nobody may use them. */
const privatePackages = ['interop', 'bench', 'examples', 'mock-pcsclite'];

/** What the root package.json gives to every test. */
const testTools = ['vitest', 'fast-check', 'publint'];

const nameOf = (folder: string) => readManifest(folder).name.replace('@jpki/', '');
const folders = workspaceFolders();
const publicPackages = folders.filter((folder) => !privatePackages.includes(nameOf(folder)));
const scoped = (names: readonly string[] = []) => names.map((name) => `@jpki/${name}`);
const sortedKeys = (record: Readonly<Record<string, string>> = {}) => Object.keys(record).sort();

describe('the table of layers', () => {
  test('has every package of the workspace and no other', () => {
    expect(folders.map(nameOf).sort()).toEqual([...Object.keys(layers), ...privatePackages].sort());
  });

  test('has no circle, even with what tests import', () => {
    const below = (name: string, path: readonly string[]): void => {
      expect(path, `${[...path, name].join(' -> ')}`).not.toContain(name);
      const layer = layers[name];
      for (const next of [...(layer?.internal ?? []), ...(layer?.internalForTests ?? [])])
        below(next, [...path, name]);
    };
    for (const name of Object.keys(layers)) below(name, []);
  });

  test.each(publicPackages)('is what the package.json of %s declares', (folder) => {
    const manifest = readManifest(folder);
    const layer = layers[nameOf(folder)];
    expect(manifest.private ?? false).toBe(false);
    expect(sortedKeys(manifest.dependencies)).toEqual(
      [...scoped(layer?.internal), ...(layer?.external ?? [])].sort(),
    );
    expect(sortedKeys(manifest.optionalDependencies)).toEqual([...(layer?.optional ?? [])].sort());
    expect(sortedKeys(manifest.peerDependencies)).toEqual([]);
    expect(sortedKeys(manifest.devDependencies)).toEqual(
      [...scoped(layer?.internalForTests), ...(layer?.externalForTests ?? [])].sort(),
    );
  });

  test.each(publicPackages)('is what the project references of %s say', (folder) => {
    const config = JSON.parse(readFileSync(inRepository(`${folder}/tsconfig.json`), 'utf8'));
    const references = config.references.map(({ path }: { path: string }) => path.replace('../', ''));
    expect(references.sort()).toEqual([...(layers[nameOf(folder)]?.internal ?? [])].sort());
  });

  test.each(privatePackages)('%s is private and has nothing but devDependencies', (name) => {
    const manifest = readManifest(folders.find((folder) => nameOf(folder) === name) ?? '');
    expect(manifest.private).toBe(true);
    expect(sortedKeys({ ...manifest.dependencies, ...manifest.peerDependencies })).toEqual([]);
    const internal = sortedKeys(manifest.devDependencies).filter((dependency) =>
      dependency.startsWith('@jpki/'),
    );
    // The bench borrows the real PC/SC service of the interop tests; both may put a mock beneath a binding.
    const borrowed: Readonly<Record<string, readonly string[]>> = {
      bench: ['interop', 'mock-pcsclite'],
      interop: ['mock-pcsclite'],
    };
    const allowed = [...Object.keys(layers), ...(borrowed[name] ?? [])];
    expect(scoped(allowed)).toEqual(expect.arrayContaining(internal));
  });

  test('workspace packages are taken from the workspace, others in one exact version', () => {
    const versions = new Map(
      folders.map((folder) => [readManifest(folder).name, readManifest(folder).version]),
    );
    const wrong = folders.flatMap((folder) => {
      const { dependencies, optionalDependencies, devDependencies } = readManifest(folder);
      // What is packed names a version, which npm understands; pnpm links it to the workspace all the same.
      const packed = Object.entries(publicPackages.includes(folder) ? { ...dependencies } : {});
      const own = packed.filter(([name, range]) => name.startsWith('@jpki/') && range !== versions.get(name));
      const others = Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies });
      const loose = others.filter(([, range]) => !/^\d+\.\d+\.\d+$|^workspace:\*$/.test(range));
      return [...own, ...loose];
    });
    expect(wrong).toEqual([]);
  });
});

describe('imports', () => {
  test.each(folders)('in %s stay within the table', (folder) => {
    const manifest = readManifest(folder);
    const wrong = sourceFiles(folder).flatMap((file) =>
      forbiddenImports(file, folder, manifest, layers[nameOf(folder)]),
    );
    expect(wrong).toEqual([]);
  });
});

/** Every specifier that a file names in an import, a re-export, a `require`, a `resolve` or a mock. */
function importsOf({ code }: SourceFile): string[] {
  const named =
    /(?:(?<![.\w])(?:from|import)\s*|(?<![.\w])(?:import|require)\(\s*|\b(?:require|meta)\.resolve\(\s*|\bvi\.(?:mock|doMock|importActual|importMock)\(\s*)(['"`])([^'"`\n]+)\1/g;
  const computed = /(?<![.\w])(?:import|require)\(\s*(?!['"`\s])([^)]*)/g;
  return [
    ...[...code.matchAll(named)].map((match) => match[2] ?? ''),
    ...[...code.matchAll(computed)].map((match) => `(${match[1] ?? ''})`),
  ];
}

/** The imports of a file that its package does not allow, each with the reason. */
function forbiddenImports(
  file: SourceFile,
  folder: string,
  manifest: Manifest,
  layer: Layer | undefined,
): string[] {
  const runTime = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const inTests = [...runTime, ...Object.keys(manifest.devDependencies ?? {}), ...testTools];
  const free = isTest(file.path) || manifest.private === true;
  const reason = (specifier: string): string | undefined => {
    // Only tests compute what they import: a computed name would escape this very check.
    if (specifier.startsWith('(')) return free ? undefined : 'is computed';
    if (specifier.startsWith('.')) {
      const target = posix.join(posix.dirname(file.path), specifier);
      const home = isTest(file.path) ? folder : `${folder}/src`;
      // Examples are programs without a package surface; what judges them runs them from where they lie.
      const isExample = manifest.private === true && target.startsWith('docs/examples/');
      return isExample || target.startsWith(`${home}/`) ? undefined : 'leaves its package';
    }
    if (isBuiltin(specifier)) {
      if (!specifier.startsWith('node:')) return 'lacks node:';
      return free || layer?.node !== false ? undefined : 'is not there in a browser';
    }
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    return (free ? inTests : runTime).includes(name) ? undefined : 'is not declared';
  };
  return importsOf(file).flatMap((specifier) => {
    const why = reason(specifier);
    return why === undefined ? [] : [`${file.path}: ${specifier} ${why}`];
  });
}

describe('behavior: the check of imports', () => {
  const manifest: Manifest = {
    name: '@jpki/applets',
    dependencies: { '@jpki/core': 'workspace:*' },
    optionalDependencies: { pcsclite: '1.0.1' },
    devDependencies: { '@jpki/simulator': 'workspace:*' },
  };
  const check = (
    source: string,
    path = 'packages/applets/src/jpki/sign.ts',
    layer: Layer = { internal: [] },
  ) => forbiddenImports({ path, code: withoutComments(source) }, 'packages/applets', manifest, layer).length;
  const from = (specifier: string) => `import { x } from '${specifier}';`;

  test.each([
    [from('@jpki/cli'), 'an upward import'],
    [from('@jpki/pcsc/binding'), 'a subpath of a package that is not declared'],
    [from('@jpki/applets'), 'its own name'],
    [from('@jpki/simulator'), 'a devDependency in production code'],
    [from('vitest'), 'a test tool in production code'],
    [from('yargs'), 'an undeclared external package'],
    [from('../../../core/src/index.ts'), 'a relative path into another package'],
    [from('../../test/fake.ts'), 'production code that imports test support'],
    [from('../../package.json'), 'a file beside src'],
    [from('fs'), 'a builtin without node:'],
    ["import type { X } from '@jpki/cli';", 'a type'],
    ["export { x } from '@jpki/cli';", 'a re-export'],
    ["export * from '@jpki/cli';", 'a whole re-export'],
    ["import '@jpki/cli';", 'a side effect'],
    ["const x = await import('@jpki/cli');", 'a dynamic import'],
    ['const x = await import(\n  `@jpki/cli`,\n);', 'a dynamic import over several lines'],
    ["type X = import('@jpki/cli').X;", 'an import type'],
    ["const x = require('@jpki/cli');", 'require'],
    ["import.meta.resolve('@jpki/cli');", 'resolve'],
    ['const x = await import(name);', 'a computed name'],
    ["import {\n  a,\n  b,\n} from '@jpki/cli';", 'several lines'],
  ])('catches %j: %s', (source) => {
    expect(check(source)).toBe(1);
  });

  test.each([
    from('@jpki/core'),
    from('@jpki/core/der'),
    from('pcsclite'),
    from('node:crypto'),
    from('../pin-policy.ts'),
    from('./layout.ts'),
    "// import { x } from '@jpki/cli';",
    "/**\n * import { x } from '@jpki/cli';\n */",
    "const text = 'nothing from here';",
  ])('lets %j pass', (source) => {
    expect(check(source)).toBe(0);
  });

  test('lets tests, and only tests, use devDependencies and test support', () => {
    for (const path of ['packages/applets/src/jpki/sign.test.ts', 'packages/applets/test/sign.ts']) {
      expect(check(from('@jpki/simulator') + from('vitest'), path)).toBe(0);
      expect(check(from('@jpki/cli'), path)).toBe(1);
      expect(check(from('../../../core/src/index.ts'), path)).toBe(1);
    }
    expect(check(from('../../test/fake.ts'), 'packages/applets/src/jpki/sign.test.ts')).toBe(0);
  });

  test('lets private packages, and no others, import an example', () => {
    const code = from('../../../docs/examples/pdf.ts');
    const judge = { ...manifest, name: '@jpki/interop', private: true };
    const file = { path: 'packages/interop/test/pdf.test.ts', code };
    expect(forbiddenImports(file, 'packages/interop', judge, undefined)).toEqual([]);
    expect(check(code, 'packages/applets/test/pdf.test.ts')).toBe(1);
  });

  test('keeps node: out of a package that must load in a browser', () => {
    expect(check(from('node:fs'), undefined, { internal: [], node: false })).toBe(1);
  });
});
