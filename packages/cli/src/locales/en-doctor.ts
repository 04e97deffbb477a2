import { SYSTEMD } from '../doctor/finding.ts';
import type { DoctorTexts } from './doctor-texts.ts';

/** English: `jpki doctor`. */
export const enDoctor: DoctorTexts = {
  severities: { ok: '[ok]   ', warning: '[warn] ', problem: '[FAIL] ' },
  summary: (problems, warnings) =>
    problems === 0 && warnings === 0
      ? 'Nothing stands in the way.'
      : `${problems} ${problems === 1 ? 'problem' : 'problems'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`,
  findings: {
    NODE_VERSION: { message: ({ subject }) => `Node.js ${subject}` },
    NODE_TOO_OLD: {
      message: ({ subject }) => `Node.js ${subject} is too old for this program`,
      remedy: 'Install Node.js 20.19 or later, 22.12 or later, or a newer one.',
    },
    WSL: {
      message: 'this is Windows Subsystem for Linux, which sees no USB reader by itself',
      remedy: 'In Windows: usbipd bind and usbipd attach --wsl; or run jpki in Windows.',
    },
    CONTAINER: { message: ({ subject }) => `this is a container (${subject})` },
    SANDBOX: {
      message: ({ subject }) =>
        `this program runs in a sandbox (${subject}), which may keep it from the readers`,
      remedy: 'Grant it the PC/SC service (snap connect …:pcscd; Flatpak --socket=pcsc), or run it outside.',
    },
    BROWSER_SANDBOX: {
      message: ({ subject }) => `${subject} is shut in: it reaches no card and none of our programs`,
      remedy: 'For card login and PKCS#11 use a browser from a deb or rpm package.',
    },
    REMOTE_DESKTOP: {
      message: 'this is a remote desktop session: it sees the readers of the computer in front of you only',
      remedy:
        'Allow smart cards in the settings of the remote desktop client, or work at the machine itself.',
    },
    SOCKET_OVERRIDDEN: {
      message: ({ subject }) => `PCSCLITE_CSOCK_NAME names another PC/SC service: ${subject}`,
      remedy: 'Unset it, unless you mean that service.',
    },
    SERVICE_RUNNING: { message: ({ subject }) => `the PC/SC service answers (${subject})` },
    SERVICE_NOT_INSTALLED: {
      message: 'the PC/SC service is not installed',
      remedy: 'sudo apt install pcscd (Debian, Ubuntu); sudo dnf install pcsc-lite (Fedora).',
    },
    SERVICE_SOCKET_INACTIVE: {
      message: 'the PC/SC service is installed, but pcscd.socket is not active',
      remedy: 'sudo systemctl enable --now pcscd.socket',
    },
    SERVICE_NOT_RUNNING: {
      message: ({ subject }) => `the PC/SC service is not running${subject ? ` (no ${subject})` : ''}`,
      remedy: ({ platform }) => SERVICE_START[platform] ?? 'Start it: sudo pcscd, or your init system.',
    },
    SERVICE_CRASHED: {
      message: ({ subject }) => `the PC/SC service has gone and left its socket behind (${subject})`,
      remedy: ({ detail }) =>
        detail === SYSTEMD
          ? 'sudo systemctl restart pcscd.socket pcscd.service'
          : 'Start it again: sudo pcscd, or your init system.',
    },
    SERVICE_NOT_IN_CONTAINER: {
      message: 'there is no PC/SC service in this container',
      remedy: "Share the host's: docker run -v /run/pcscd:/run/pcscd …",
    },
    SERVICE_FORBIDDEN: {
      message: ({ subject }) => `this user may not open the socket of the PC/SC service (${subject})`,
      remedy: ({ subject }) =>
        `ls -l ${subject} shows whose it is: join that group, or open it to everybody, as Debian does: sudo chmod 666 ${subject}`,
    },
    SERVICE_HANGS: {
      message: 'the PC/SC service runs, but does not answer',
      remedy: ({ detail }) =>
        detail === SYSTEMD
          ? 'sudo systemctl restart pcscd.service; unplug the reader first if it hangs again.'
          : 'End pcscd and start it again: sudo pkill -x pcscd; sudo pcscd. Unplug the reader first if it hangs again.',
    },
    SERVICE_FAILED: {
      message: ({ detail }) => `PC/SC failed: ${detail}`,
      remedy: 'Restart the PC/SC service.',
    },
    ACCESS_DENIED: {
      message: 'the PC/SC service refuses this user (polkit; over SSH nobody counts as present)',
      remedy:
        'Add a polkit rule for org.debian.pcsc-lite.access_pcsc and .access_card, or work at the machine itself.',
    },
    POLKIT: { message: 'the PC/SC service asks polkit who may use cards' },
    BINDING: { message: ({ subject }) => `the way to PC/SC: ${subject}` },
    BINDING_FALLBACK: {
      message: ({ subject, detail }) =>
        `the way to PC/SC: ${subject}, because the addon does not load (${detail})`,
      remedy:
        'It works. For the addon: sudo apt install libpcsclite-dev g++ make python3, then npm rebuild pcsclite.',
    },
    BINDING_MISSING: {
      message: ({ detail }) => `no way to PC/SC: ${detail}`,
      remedy: 'sudo apt install libpcsclite-dev g++ make python3, then npm rebuild pcsclite',
    },
    DRIVER: { message: ({ subject }) => `reader drivers: ${subject}` },
    DRIVER_MISSING: {
      message: 'the driver of most USB readers (CCID) is not installed',
      remedy: 'sudo apt install libccid (Debian, Ubuntu); sudo dnf install pcsc-lite-ccid (Fedora).',
    },
    KERNEL_DRIVER: {
      message: ({ subject }) => `the kernel module ${subject} takes contactless readers before PC/SC can`,
      remedy: ({ subject }) =>
        `sudo modprobe -r ${subject}; for good: echo blacklist ${subject} | sudo tee /etc/modprobe.d/${subject}.conf`,
    },
    READER_NOT_TAKEN: {
      message: ({ subject }) => `the reader ${subject} is plugged in, but the PC/SC service does not have it`,
      remedy: 'Install its driver, unplug it and plug it in again, or restart pcscd.',
    },
    MACOS_DRIVER: {
      message: "macOS 14 and later use Apple's own reader driver, with which some readers fail",
      remedy:
        'sudo defaults write /Library/Preferences/com.apple.security.smartcard useIFDCCID -bool yes, then plug it in again.',
    },
    READERS: { message: ({ subject }) => `readers: ${subject}` },
    NO_READER: {
      message: ({ subject }) =>
        subject ? `no reader is named like "${subject}"` : 'no card reader is connected',
      remedy: ({ subject }) => (subject ? 'jpki readers lists them.' : 'Connect a card reader.'),
    },
    NO_CARD: {
      message: 'there is no card in the reader',
      remedy: 'Put the card in, chip first, or lay it flat on the reader.',
    },
    CARD_UNRESPONSIVE: {
      message: ({ subject }) => `the card in ${subject} does not answer`,
      remedy: 'Turn it over or move it to the middle of the reader; clean the chip.',
    },
    CARD_IN_USE: {
      message: ({ subject, detail }) =>
        `another program holds the card in ${subject}${detail ? `; it may be ${detail}` : ''}`,
      remedy: ({ detail }) =>
        detail.includes('scdaemon')
          ? 'gpgconf --kill scdaemon'
          : 'End that program, or wait until it is done.',
    },
    CARD_FAILED: {
      message: ({ subject, detail }) => `the card in ${subject} could not be read: ${detail}`,
      remedy:
        'Take it out, put it in again and repeat; jpki readers --watch shows whether the contact is bad.',
    },
    CARD_OTHER: {
      message: ({ subject }) =>
        `the card in ${subject} is not an Individual Number Card (マイナンバーカード)`,
      remedy: 'Put in an Individual Number Card.',
    },
    CARD_JUKI: {
      message: ({ subject }) => `the card in ${subject} is an old Basic Resident Register card (住基カード)`,
      remedy: 'These have ended. Put in an Individual Number Card (マイナンバーカード).',
    },
    CARD: { message: ({ subject, name }) => `card in ${subject}: ${name}` },
    CARD_VALID: { message: ({ subject }) => `the card is valid until ${subject}` },
    CARD_RENEWABLE: {
      message: ({ subject }) => `the card is valid until ${subject} only`,
      remedy: 'It can be renewed now, at the municipal counter (市区町村窓口) or online.',
    },
    CARD_EXPIRED: {
      message: ({ subject }) => `the card was valid until ${subject}`,
      remedy: 'Have it renewed at the municipal counter (市区町村窓口).',
    },
    APPLICATION_MISSING: {
      message: ({ name }) => `the card lacks an application: ${name}`,
      remedy: 'Commands that need it will not work with this card.',
    },
    APPLICATIONS: { message: 'all applications are on the card' },
    AUTH_CERTIFICATE: {
      message: ({ subject, detail }) =>
        `authentication certificate (利用者証明用) valid until ${subject}, renewable from ${detail}`,
    },
    AUTH_CERTIFICATE_HIDDEN: {
      message: 'authentication certificate (利用者証明用): there; its dates are behind the PIN',
    },
    AUTH_CERTIFICATE_RENEWABLE: {
      message: ({ subject }) => `authentication certificate (利用者証明用) valid until ${subject} only`,
      remedy: 'Have it renewed at the municipal counter (市区町村窓口), with the signature certificate.',
    },
    AUTH_CERTIFICATE_EXPIRED: {
      message: ({ subject }) => `the authentication certificate (利用者証明用) expired on ${subject}`,
      remedy: 'Have it issued anew at the municipal counter (市区町村窓口); it is free of charge.',
    },
    AUTH_CERTIFICATE_ABSENT: {
      message: 'the card has no authentication certificate (利用者証明用)',
      remedy: 'For card login have one issued at the municipal counter (市区町村窓口).',
    },
    SIGN_CERTIFICATE: { message: 'signature certificate (署名用): there; its dates are behind the password' },
    SIGN_CERTIFICATE_ABSENT: {
      message: 'the card has no valid signature certificate (署名用)',
      remedy:
        'It ends with a change of name or address and is not issued under 15; ask at the municipal counter (市区町村窓口).',
    },
    CA_GENERATION: {
      message: ({ subject, name }) => `issued by the JPKI CA of generation ${subject} (${name})`,
    },
    CA_UNKNOWN: {
      message: 'the CA that issued the certificate is not known to this version',
      remedy: 'Update this program; a card of a test environment may be one of these too.',
    },
    PIN_TRIES: { message: ({ name, left, max }) => `${name}: ${left} of ${max} tries left` },
    PIN_TRIES_LOW: {
      message: ({ name, left, max }) => `${name}: only ${left} of ${max} tries left`,
      remedy: 'Make sure of it before the next try; one correct entry restores all.',
    },
    PIN_BLOCKED: {
      message: ({ name }) => `${name}: BLOCKED`,
      remedy:
        'Have it reset at the municipal counter (市区町村窓口), with the card and an identity document.',
    },
  },
};

const SERVICE_START: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  win32: 'Plug in a reader: Windows runs the service (SCardSvr) only with one; else sc start SCardSvr.',
  darwin: 'Plug in a reader: macOS starts the service by itself.',
};
