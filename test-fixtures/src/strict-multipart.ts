interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly content: Buffer;
}

/** RFC 7578, strict: what a browser writes, and nothing else. */
export function parseMultipart(body: Buffer, contentType: string): Part[] {
  const boundary = /^multipart\/form-data; boundary=([\w'()+,\-./:=?]{1,70})$/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error(`not multipart: ${contentType}`);
  const delimiter = Buffer.from(`--${boundary}`);
  if (!body.subarray(0, delimiter.length).equals(delimiter)) throw new Error('no first boundary');
  const parts: Part[] = [];
  let at = delimiter.length;
  while (body.subarray(at, at + 2).toString() === '\r\n') {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(`\r\n--${boundary}`, headEnd);
    if (headEnd < 0 || end < 0) throw new Error('part without an end');
    const lines = body
      .subarray(at + 2, headEnd)
      .toString('utf8')
      .split('\r\n');
    const disposition = /^Content-Disposition: form-data; name="([^"\r\n]*)"(?:; filename="([^"\r\n]*)")?$/;
    const match = disposition.exec(lines[0] ?? '');
    if (match === null || lines.length > 2) throw new Error(`bad part head: ${JSON.stringify(lines)}`);
    parts.push({
      name: unescapeName(match[1] ?? ''),
      filename: match[2] === undefined ? undefined : unescapeName(match[2]),
      contentType: /^Content-Type: (.*)$/.exec(lines[1] ?? '')?.[1],
      content: body.subarray(headEnd + 4, end),
    });
    at = end + 2 + delimiter.length;
  }
  if (body.subarray(at).toString() !== '--\r\n') throw new Error('no last boundary');
  return parts;
}

function unescapeName(name: string): string {
  return name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
