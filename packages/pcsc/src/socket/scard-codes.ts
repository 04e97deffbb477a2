// SCARD codes that this client itself makes or decides on (pcsc-lite, pcsclite.h, "Error codes").
export const SCARD_E_CANCELLED = 0x80100002;
export const SCARD_E_NO_MEMORY = 0x80100006;
export const SCARD_E_INSUFFICIENT_BUFFER = 0x80100008;
export const SCARD_E_UNKNOWN_READER = 0x80100009;
export const SCARD_E_TIMEOUT = 0x8010000a;
export const SCARD_F_COMM_ERROR = 0x80100013;
export const SCARD_E_READER_UNAVAILABLE = 0x80100017;
export const SCARD_E_NO_SERVICE = 0x8010001d;
export const SCARD_E_SERVICE_STOPPED = 0x8010001e;
export const SCARD_E_NO_ACCESS = 0x80100027;
export const SCARD_W_SECURITY_VIOLATION = 0x8010006a;
