/**
 * The names and addresses that never leave this machine (RFC 6761, RFC 1122, RFC 4291).
 *
 * @param hostname as `URL` normalises it: lower case, IPv6 in brackets
 */
export function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d+){3}$/.test(hostname)
  );
}
