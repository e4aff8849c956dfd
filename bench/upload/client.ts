/** Uploads one file by one client: `node client.js NAME URL FILE [SIZE SHA256]`; measured as a whole process. */
import { createReadStream, openAsBlob } from 'node:fs';
import { basename } from 'node:path';

const [name, url = '', file = '', size, sha256] = process.argv.slice(2);
const apiKey = 'sk-bench';

async function tunegate(): Promise<void> {
  const { createFilesClient } = await import('@tunegate/uploader');
  const client = createFilesClient({ apiKey, baseURL: url });
  const expect = size === undefined || sha256 === undefined ? {} : { expect: { size: Number(size), sha256 } };
  // The others have one request as well, and the sink knows no parts.
  await client.createFile(file, 'fine-tune', { ...expect, parts: 'never' });
  await client.close();
}

async function formData(): Promise<void> {
  const body = new FormData();
  body.set('purpose', 'fine-tune');
  body.set('file', await openAsBlob(file), basename(file));
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}/files`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`status ${response.status}`);
  await response.json();
}

/** @param asBlob a file-backed body; without it a read stream, as the official documentation shows */
async function official(asBlob: boolean): Promise<void> {
  const { default: OpenAI } = await import('openai');
  const client = new OpenAI({ apiKey, baseURL: url, maxRetries: 0 });
  const body = asBlob ? new File([await openAsBlob(file)], basename(file)) : createReadStream(file);
  await client.files.create({ file: body, purpose: 'fine-tune' });
}

const clients: Readonly<Record<string, () => Promise<void>>> = {
  tunegate,
  'form-data': formData,
  official: () => official(false),
  'official-blob': () => official(true),
  /** Loads what the others load, and sends nothing. */
  'load-tunegate': async () => void (await import('@tunegate/uploader')),
  'load-nothing': async () => {},
};
const upload = clients[name ?? ''];
if (upload === undefined) throw new Error(`there is no client ${name}`);
await upload();
