/** A status word as four hex digits, upper case. */
export function statusWordText(sw: number): string {
  return sw.toString(16).toUpperCase().padStart(4, '0');
}
