export { Exit, type ExitCode } from './exit-codes.ts';
export { main } from './main.ts';
export type { Write } from './output.ts';
