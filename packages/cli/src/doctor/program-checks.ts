import { type DoctorFinding, doctorFinding } from './finding.ts';
import type { Surroundings } from './surroundings.ts';

/** Oldest versions of Node that are supported, by major version (`engines` of package.json); newer majors all are. */
const OLDEST: Readonly<Record<number, readonly [minor: number]>> = { 20: [19], 22: [12] };

/** Whether this Node can run us. */
export function checkNode({ nodeVersion }: Surroundings): DoctorFinding {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const oldest = OLDEST[major];
  const fits = oldest === undefined ? major > 22 : minor >= oldest[0];
  return doctorFinding(fits ? 'NODE_VERSION' : 'NODE_TOO_OLD', { subject: nodeVersion });
}

/** Files that say that this is a container, and of which kind. */
const CONTAINER_FILES = ['/.dockerenv', '/run/.containerenv'] as const;

/** Words for containers in the control groups of process 1. */
const CONTAINER_GROUPS = /docker|containerd|kubepods|libpod|lxc|machine\.slice/;

/** What tells that this is a container; `undefined` outside one. */
export function containerSign({ exists, readText, env }: Surroundings): string | undefined {
  const file = CONTAINER_FILES.find((path) => exists(path));
  if (file !== undefined) return file;
  if (env['container']) return `container=${env['container']}`;
  return CONTAINER_GROUPS.test(readText('/proc/1/cgroup') ?? '') ? '/proc/1/cgroup' : undefined;
}

/** A Linux inside Windows. */
function isWsl({ platform, readText }: Surroundings): boolean {
  return platform === 'linux' && /microsoft/i.test(readText('/proc/version') ?? '');
}

/** Where browsers lie that are shut in and reach neither the service nor our programs. */
const SANDBOXED_BROWSERS = [
  ['/snap/firefox', 'Firefox (snap)'],
  ['/snap/chromium', 'Chromium (snap)'],
  ['/var/lib/flatpak/app/org.mozilla.firefox', 'Firefox (Flatpak)'],
  ['/var/lib/flatpak/app/org.chromium.Chromium', 'Chromium (Flatpak)'],
  ['/var/lib/flatpak/app/com.google.Chrome', 'Chrome (Flatpak)'],
] as const;

/** What stands between this process, or the browser, and the readers. */
export function checkSurroundings(surroundings: Surroundings): DoctorFinding[] {
  const { env, exists, platform } = surroundings;
  const container = platform === 'linux' ? containerSign(surroundings) : undefined;
  const sandbox = env['SNAP_NAME'] ?? env['FLATPAK_ID'] ?? (exists('/.flatpak-info') ? 'Flatpak' : undefined);
  const browsers = SANDBOXED_BROWSERS.flatMap(([path, name]) => (exists(path) ? [name] : []));
  return [
    ...(isWsl(surroundings) ? [doctorFinding('WSL')] : []),
    ...(container === undefined ? [] : [doctorFinding('CONTAINER', { subject: container })]),
    ...(platform === 'linux' && sandbox !== undefined
      ? [doctorFinding('SANDBOX', { subject: sandbox })]
      : []),
    ...(platform === 'linux' && browsers.length > 0
      ? [doctorFinding('BROWSER_SANDBOX', { subject: browsers.join(', ') })]
      : []),
    // Windows hands the readers of the near machine, not of the far one, to a remote session.
    ...(platform === 'win32' && env['SESSIONNAME']?.startsWith('RDP-')
      ? [doctorFinding('REMOTE_DESKTOP')]
      : []),
  ];
}
