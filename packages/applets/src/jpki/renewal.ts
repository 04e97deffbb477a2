/** Japan has no summer time: UTC+9, in milliseconds. */
const JST_OFFSET = 9 * 3_600_000;

/**
 * The first day on which a certificate that ends at `notAfter` can be renewed, `YYYY-MM-DD` in Japan: the day after
 * the corresponding date three months earlier, or the 1st of the next month where that date does not exist
 * (card-protocol.md 7.2; an end on 07-07 opens on 04-08, one on 05-31 on 03-01).
 */
export function renewableFrom(notAfter: Date): string {
  const end = new Date(notAfter.getTime() + JST_OFFSET);
  const month = end.getUTCMonth() - 3;
  const day = end.getUTCDate();
  const corresponding = new Date(Date.UTC(end.getUTCFullYear(), month, day));
  // 31 February rolls over into March; then the 1st of March is the answer.
  const exists = corresponding.getUTCDate() === day;
  const from = exists
    ? Date.UTC(end.getUTCFullYear(), month, day + 1)
    : Date.UTC(end.getUTCFullYear(), month + 1, 1);
  return new Date(from).toISOString().slice(0, 10);
}
