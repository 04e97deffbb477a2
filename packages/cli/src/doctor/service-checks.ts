import { type DoctorFinding, doctorFinding, SYSTEMD } from './finding.ts';
import { containerSign } from './program-checks.ts';
import type { Surroundings } from './surroundings.ts';

/** Where pcscd listens unless PCSCLITE_CSOCK_NAME names another place (pcsc-lite, `PCSCLITE_CSOCK_NAME`). */
const SOCKET = '/run/pcscd/pcscd.comm';

/** Where the service is asked for. */
export function socketPath({ env }: Surroundings): string {
  return env['PCSCLITE_CSOCK_NAME'] || SOCKET;
}

/** Who starts and ends the service here, as a word for remedies. */
export function serviceManager({ exists }: Surroundings): string {
  return exists('/run/systemd/system') ? SYSTEMD : '';
}

/** Where distributions put the service. */
const PCSCD_PATHS = ['/usr/sbin/pcscd', '/usr/bin/pcscd', '/usr/local/sbin/pcscd', '/sbin/pcscd'] as const;

const SOCKET_UNITS = [
  '/usr/lib/systemd/system/pcscd.socket',
  '/lib/systemd/system/pcscd.socket',
  '/etc/systemd/system/pcscd.socket',
] as const;

/** The rule file that a pcscd with polkit brings along (pcsc-lite, `doc/README.polkit`). */
const POLKIT_POLICY = '/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy';

/** Whether the service is there and lets us in. Linux only: elsewhere it belongs to the system. */
export async function checkService(surroundings: Surroundings): Promise<DoctorFinding[]> {
  if (surroundings.platform !== 'linux') return [];
  const { env, exists } = surroundings;
  const given = env['PCSCLITE_CSOCK_NAME'];
  const path = socketPath(surroundings);
  const knock = await surroundings.knock(path);
  return [
    ...(given ? [doctorFinding('SOCKET_OVERRIDDEN', { subject: given })] : []),
    serviceFinding(knock, path, surroundings),
    ...(knock === 'answers' && exists(POLKIT_POLICY) ? [doctorFinding('POLKIT')] : []),
  ];
}

function serviceFinding(
  knock: Awaited<ReturnType<Surroundings['knock']>>,
  path: string,
  surroundings: Surroundings,
): DoctorFinding {
  const { exists, env } = surroundings;
  const subject = path;
  switch (knock) {
    case 'answers':
      return doctorFinding('SERVICE_RUNNING', { subject });
    case 'denied':
      return doctorFinding('SERVICE_FORBIDDEN', { subject });
    case 'refused':
      return doctorFinding('SERVICE_CRASHED', { subject, detail: serviceManager(surroundings) });
    case 'silent':
      return doctorFinding('SERVICE_HANGS', { subject, detail: serviceManager(surroundings) });
    case 'absent':
      if (env['PCSCLITE_CSOCK_NAME']) return doctorFinding('SERVICE_NOT_RUNNING', { subject });
      if (containerSign(surroundings) !== undefined && !PCSCD_PATHS.some(exists))
        return doctorFinding('SERVICE_NOT_IN_CONTAINER', { subject });
      if (!PCSCD_PATHS.some(exists)) return doctorFinding('SERVICE_NOT_INSTALLED', { subject });
      if (exists('/run/systemd/system') && SOCKET_UNITS.some(exists))
        return doctorFinding('SERVICE_SOCKET_INACTIVE', { subject });
      return doctorFinding('SERVICE_NOT_RUNNING', { subject });
  }
}
