import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../errors.js';
import { isLoopbackName } from '../loopback.js';
import { checkHeaderValue } from './headers.js';

/** Which proxies are used, and for which hosts none is. */
export interface ProxyOptions {
  /** For `https://` addresses: `http://host:port` or `https://host:port`, with `user:password@` where the proxy wants one. */
  https?: string;
  /** For `http://` addresses. */
  http?: string;
  /**
   * Hosts that are spoken to directly, parted by commas or spaces: `host`, `.suffix`, `host:port`, an IP address, a
   * network such as `10.0.0.0/8`, or `*` for all. A name stands for its subdomains, too.
   */
  noProxy?: string;
}

/** A proxy as it is dialled. */
export interface HttpProxy {
  readonly isTls: boolean;
  readonly hostname: string;
  readonly port: number;
  /** `host:port`: all that is said of the address. */
  readonly host: string;
  /** It runs on this machine. */
  readonly isLocal: boolean;
  /** Value of `Proxy-Authorization`; never shown. */
  readonly authorization: string | undefined;
}

export interface ProxySettings {
  /** The proxy on the way to an address; `undefined` where none is used. */
  forUrl(url: URL): HttpProxy | undefined;
  /** What must not be shown. */
  readonly secrets: readonly string[];
}

/**
 * Reads the usual environment variables: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, of which the spelling in lower case
 * wins, as curl has it. Nothing is read but what is given.
 *
 * @returns `false` when no proxy is named
 */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxyOptions | false {
  const read = (name: string) => (env[name.toLowerCase()] ?? env[name])?.trim() || undefined;
  const https = read('HTTPS_PROXY');
  const http = read('HTTP_PROXY');
  const noProxy = read('NO_PROXY');
  if (https === undefined && http === undefined) return false;
  return {
    ...(https === undefined ? {} : { https }),
    ...(http === undefined ? {} : { http }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
}

/** @throws {ConfigError} the value is never repeated, because it may hold a password */
export function normalizeProxy(options: string | ProxyOptions | false | undefined): ProxySettings {
  if (options === undefined || options === false) return { forUrl: () => undefined, secrets: [] };
  const given = typeof options === 'string' ? { https: options, http: options } : options;
  if (typeof given !== 'object' || given === null) throw new ConfigError('proxy is neither an address nor an object');
  const https = given.https === undefined ? undefined : parseProxy('proxy.https', given.https);
  const http = given.http === undefined ? undefined : parseProxy('proxy.http', given.http);
  const isExempt = compileNoProxy(given.noProxy ?? '');
  return {
    secrets: [https, http].flatMap((it) => it?.secrets ?? []),
    forUrl(url) {
      const proxy = url.protocol === 'https:' ? https?.proxy : http?.proxy;
      if (proxy === undefined || isExempt(url)) return undefined;
      // http:// to this machine is allowed because it does not leave it; through a proxy elsewhere it would.
      const isLeaving = url.protocol === 'http:' && isLoopbackName(url.hostname) && !proxy.isLocal;
      return isLeaving ? undefined : proxy;
    },
  };
}

function parseProxy(name: string, value: string): { proxy: HttpProxy; secrets: string[] } {
  if (typeof value !== 'string') throw new ConfigError(`${name} is not a string`);
  const hint = 'it looks like http://host:port, or http://user:password@host:port';
  // curl takes an address without a scheme for http://.
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(address)) throw new ConfigError(`${name} is not an address`, { hint });
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigError(`${name} begins with ${url.protocol} instead of http: or https:`, { hint });
  }
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const hostname = bare(url.hostname);
  const host = `${url.hostname}:${port}`;
  const proxy = { isTls, hostname, port, host, isLocal: isLoopbackName(url.hostname), authorization: undefined };
  if (url.username === '' && url.password === '') return { proxy, secrets: [] };
  const user = decode(name, url.username);
  const password = decode(name, url.password);
  const token = Buffer.from(`${user}:${password}`).toString('base64');
  const authorization = `Basic ${token}`;
  checkHeaderValue(name, authorization);
  return { proxy: { ...proxy, authorization }, secrets: [password, url.password, token] };
}

function decode(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigError(`the user name or the password of ${name} is not percent-encoded`, {
      hint: 'write % as %25, @ as %40 and : as %3A',
    });
  }
}

/** A list as in `NO_PROXY` → whether an address is on it. */
export function compileNoProxy(list: string): (url: URL) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  if (entries.includes('*')) return () => true;
  const networks = new BlockList();
  const names: Array<{ name: string; port: number | undefined }> = [];
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address);
    if (
      prefix !== undefined &&
      family !== 0 &&
      /^\d{1,3}$/.test(prefix) &&
      Number(prefix) <= (family === 4 ? 32 : 128)
    ) {
      networks.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
      continue;
    }
    // A bare IPv6 address is full of colons, none of which begins a port.
    const [, host = entry, port] = (isIP(entry) === 6 ? null : /^(.+?)(?::(\d+))?$/.exec(entry)) ?? [];
    names.push({ name: bare(host.replace(/^\*?\./, '')), port: port === undefined ? undefined : Number(port) });
  }
  return (url) => {
    const hostname = bare(url.hostname).replace(/\.$/, '');
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
    const family = isIP(hostname);
    if (family !== 0 && networks.check(hostname, family === 4 ? 'ipv4' : 'ipv6')) return true;
    return names.some(
      (it) => (it.port === undefined || it.port === port) && (hostname === it.name || hostname.endsWith(`.${it.name}`)),
    );
  };
}

/** `[::1]` → `::1` */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
