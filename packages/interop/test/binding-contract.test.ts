import { join } from 'node:path';
import { miniBinding, type PcscBinding, pcscliteBinding, ScardFailure, socketBinding } from '@jpki/pcsc';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  describeBindingContract,
  mockWorld,
  type RealServices,
  realWorld,
  startRealServices,
} from '../src/binding-contract/index.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { type Requirement, requirement, requirements } from '../src/requirement.ts';
import { run } from '../src/run.ts';
import { repositoryFolder } from '../src/shared-folder.ts';

const NOTHING: Requirement = { skip: false, meta: {} };

let services: RealServices | undefined;

beforeAll(async () => {
  // Programs of their own run the built packages.
  const folders = ['packages/pcsc', 'native-mocks/pcsclite'].map((folder) => join(repositoryFolder, folder));
  const build = await run(join(repositoryFolder, 'node_modules/.bin/tsc'), ['-b', ...folders]);
  expect(build.stdout).toBe('');
});
afterAll(async () => {
  await services?.[Symbol.asyncDispose]();
});

/** The same two services for every binding: the client library looks only once where they are. */
const onRealService = (binding: () => PcscBinding, exportName: string) => async () => {
  services ??= await startRealServices();
  return realWorld(services, binding(), exportName);
};

const isAvailable = (binding: () => PcscBinding): boolean => {
  try {
    return binding() !== undefined;
  } catch {
    return false;
  }
};

const mini = requirement('the pcsc-mini addon', isAvailable(miniBinding), 'pnpm install');

describeBindingContract('pcsclite on the mock', NOTHING, async () =>
  mockWorld((mock) => pcscliteBinding(() => mock.addon), 'pcscliteBinding(() => mock.addon)'),
);

describeBindingContract('of the mock with every capability', NOTHING, async () =>
  mockWorld((mock) => mock.fullBinding(ScardFailure), 'mock.fullBinding(ScardFailure)'),
);

describeBindingContract(
  'pcsclite on pcscd',
  requirements(pcscdRequirement(), pcscliteRequirement()),
  onRealService(() => pcscliteBinding(), 'pcscliteBinding'),
);

describeBindingContract(
  'pcsc-mini on pcscd',
  requirements(pcscdRequirement(), mini),
  onRealService(() => miniBinding(), 'miniBinding'),
);

describeBindingContract(
  'socket on pcscd',
  pcscdRequirement(),
  onRealService(() => socketBinding(), 'socketBinding'),
);
