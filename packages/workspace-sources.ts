import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The part of a package.json that the repository tests look at. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly license?: string;
  readonly sideEffects?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One TypeScript file: its path from the repository's root, with `/`, and its text without comments. */
export interface SourceFile {
  readonly path: string;
  readonly code: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Absolute path of a file or folder named from the repository's root. */
export function inRepository(path: string): string {
  return join(root, path);
}

/** Folders of all workspace packages, from the root: `packages/core`, `bench`. */
export function workspaceFolders(): string[] {
  const inPackages = readdirSync(inRepository('packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `packages/${entry.name}`);
  return [...inPackages, 'native-mocks/pcsclite', 'bench', 'docs/examples'].filter((folder) =>
    existsSync(inRepository(`${folder}/package.json`)),
  );
}

/** Folders of the packages that are published. */
export function publicFolders(): string[] {
  return workspaceFolders().filter((folder) => readManifest(folder).private !== true);
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(inRepository(`${folder}/package.json`), 'utf8'));
}

/** The entries of a package: subpath and source file from the repository's root. */
export function entriesOf(name: string): { subpath: string; source: string }[] {
  return Object.entries(readManifest(`packages/${name}`).exports ?? {}).map(([subpath, conditions]) => ({
    subpath,
    source: posix.join('packages', name, conditions['@jpki/source'] ?? 'missing'),
  }));
}

/** Every TypeScript file under `folder`, tests included; nothing that was installed or built. */
export function sourceFiles(folder: string): SourceFile[] {
  if (!existsSync(inRepository(folder))) return [];
  return readdirSync(inRepository(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[\\/](node_modules|dist)[\\/]/.test(relative(root, path)))
    .map((path) => ({
      path: relative(root, path).replaceAll(sep, '/'),
      code: withoutComments(readFileSync(path, 'utf8')),
    }));
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || /\/test\//.test(path);
}

/** Production code: the sources of published packages without their tests. */
export function productionFiles(): SourceFile[] {
  return publicFolders().flatMap((folder) =>
    sourceFiles(`${folder}/src`).filter(({ path }) => !isTest(path)),
  );
}

/**
 * The text with comments blanked and strings kept. Simple on purpose: a regular expression that holds quotes or
 * slashes can hide what follows on its own line, not more.
 */
export function withoutComments(source: string): string {
  const stringOrComment =
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return source.replaceAll(stringOrComment, (_, text: string | undefined) => text ?? ' ');
}
