import { X509Certificate } from 'node:crypto';
import tls, { type SecureContext } from 'node:tls';
import { ConfigError } from '../errors.js';

/** One PEM text, which may hold several certificates, or several of them. */
export type Certificates = string | Uint8Array | ReadonlyArray<string | Uint8Array>;

/** Since Node 22.15; the types are those of an older one. */
const { getCACertificates } = tls as typeof tls & { getCACertificates?: (type: 'default') => string[] };

/**
 * The roots that Node trusts, and the given ones: Node's own `ca` option would put them in the place of the others.
 *
 * Made once for a client, because reading some 150 certificates takes longer than a handshake.
 *
 * @throws {ConfigError} they are not PEM
 */
export function trustAlso(ca: Certificates): SecureContext {
  const given = Array.isArray(ca) ? (ca as ReadonlyArray<string | Uint8Array>) : [ca as string | Uint8Array];
  const texts = given.map((it) => (typeof it === 'string' ? it : Buffer.from(it).toString('latin1')));
  const certificates = texts.flatMap((text) => text.match(PEM) ?? []);
  if (certificates.length === 0) {
    throw new ConfigError('ca holds no certificate in PEM form', {
      hint: 'give the content of the file, not its name; it begins with -----BEGIN CERTIFICATE-----',
    });
  }
  try {
    // Node passes over what it cannot read, and the connection fails later with less to say.
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch (cause) {
    throw new ConfigError('ca holds a certificate that cannot be read', { cause });
  }
  return tls.createSecureContext({
    ca: [...(getCACertificates?.('default') ?? tls.rootCertificates), ...certificates],
  });
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
