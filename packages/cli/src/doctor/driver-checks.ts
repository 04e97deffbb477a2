import { type DoctorFinding, doctorFinding } from './finding.ts';
import type { Surroundings } from './surroundings.ts';

/** Folders in which distributions keep drivers for pcscd. */
const DRIVER_FOLDERS = ['/usr/lib/pcsc/drivers', '/usr/lib64/pcsc/drivers', '/usr/local/lib/pcsc/drivers'];

/** The driver of nearly every USB reader, and the one of virtual readers. */
const DRIVERS = [
  ['ifd-ccid.bundle', 'CCID'],
  ['serial/libifdvpcd.so', 'vpcd'],
] as const;

/** Kernel modules that take contactless readers (RC-S380, ACR122U) before pcscd can. */
const KERNEL_MODULES = ['port100', 'pn533_usb'] as const;

/** USB class of smart card readers (USB-IF, CCID Rev 1.1, 4.2). */
const SMART_CARD_CLASS = '0b';

/** Drivers of pcscd that are installed on this machine, by name. */
export function checkDrivers({ platform, exists }: Surroundings): DoctorFinding[] {
  if (platform !== 'linux') return [];
  const there = (file: string) => DRIVER_FOLDERS.some((folder) => exists(`${folder}/${file}`));
  const names = DRIVERS.flatMap(([file, name]) => (there(file) ? [name] : []));
  return [
    ...(names.length > 0 ? [doctorFinding('DRIVER', { subject: names.join(', ') })] : []),
    ...(names.some((name) => name === 'CCID') ? [] : [doctorFinding('DRIVER_MISSING')]),
  ];
}

/** Why a reader that is plugged in is not among those of the service. */
export function checkMissingReader(surroundings: Surroundings): DoctorFinding[] {
  const { platform, release, exists } = surroundings;
  // With macOS 14 (Darwin 23) Apple's own CCID driver became the default (OpenSC#2887).
  if (platform === 'darwin') return Number.parseInt(release, 10) >= 23 ? [doctorFinding('MACOS_DRIVER')] : [];
  if (platform !== 'linux') return [];
  const module = KERNEL_MODULES.find((name) => exists(`/sys/module/${name}`));
  const plugged = pluggedReaders(surroundings);
  return [
    ...(module === undefined ? [] : [doctorFinding('KERNEL_DRIVER', { subject: module })]),
    ...plugged.map((subject) => doctorFinding('READER_NOT_TAKEN', { subject })),
  ];
}

/** Most USB readers named. */
const MAX_PLUGGED = 4;

/** Smart card readers on the USB, by product name. */
function pluggedReaders({ list, readText }: Surroundings): string[] {
  const root = '/sys/bus/usb/devices';
  const readers = list(root).filter(
    (entry) => readText(`${root}/${entry}/bInterfaceClass`)?.trim() === SMART_CARD_CLASS,
  );
  const names = readers.map((entry) => {
    const device = entry.split(':')[0] ?? entry;
    return readText(`${root}/${device}/product`)?.trim() || device;
  });
  return [...new Set(names)].slice(0, MAX_PLUGGED);
}
