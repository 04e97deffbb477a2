/** A whole number with a comma at every thousand, as both languages write it. (`Intl` takes 14 ms to start.) */
export function grouped(value: number): string {
  return String(value).replace(/(?<=\d)(?=(\d{3})+$)/g, ',');
}
