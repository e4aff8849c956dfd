/** `1234567` → `1,234,567`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `counted(1, 'error')` → `1 error`; `counted(1200, 'error')` → `1,200 errors`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `61300123` → `61.3 M`; under a hundred thousand the number itself. */
export function large(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  return value >= 1e5 ? `${(value / 1e3).toFixed(1)} k` : count(value);
}

/** Decimal units, as the providers state their limits: `318200000` → `318.2 MB`. */
export function size(bytes: number): string {
  if (bytes >= 1e10) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : counted(bytes, 'byte');
}

/** `6100` → `6.1 s`. */
export function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
