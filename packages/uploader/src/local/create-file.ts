import type { Readable } from 'node:stream';
import { type Answer, jsonAnswer } from './answer.js';
import { fieldNames, missing, parseCreateForm } from './create-form.js';
import type { ServerDialect } from './dialects/dialect.js';
import { badRequest } from './errors.js';
import type { Exchange } from './exchange.js';
import { readForm } from './multipart.js';
import type { FileStore, PendingFile } from './store.js';
import type { StoredFile } from './stored-file.js';

/** The longest valid value is 10 characters; anything beyond this is not a value of these fields. */
const MAX_FIELD_BYTES = 1024;

/** What `POST /files` needs of the server around it. */
export interface CreateFileContext {
  readonly store: FileStore;
  readonly maxFileBytes: number;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  readonly dialect: ServerDialect;
  /** The file object of a file. */
  describe(file: StoredFile): { readonly id: string };
  /** Called once for each file that comes to be. */
  onCreated(file: StoredFile): void;
}

/** Receives a file. It becomes visible only after the whole request arrived and proved valid; otherwise nothing is kept. */
export async function createFile(exchange: Exchange, context: CreateFileContext): Promise<Answer> {
  const { store, clock, dialect } = context;
  const pending = store.begin();
  try {
    const { fields, file } = await receiveForm(exchange, context, pending);
    if (file === undefined) throw missing('file');
    const { purpose, expiresAfter } = parseCreateForm(fields, dialect.purposes);
    const createdAt = Math.floor(clock() / 1000);
    const stored = await pending.commit({
      ...file,
      purpose,
      created_at: createdAt,
      expires_at: expiresAfter === null ? null : createdAt + expiresAfter,
    });
    context.onCreated(stored);
    const { status, headers } = dialect.created(`http://${exchange.request.headers.host}${exchange.path}/${stored.id}`);
    return jsonAnswer(context.describe(stored), status, headers);
  } finally {
    await pending.discard();
  }
}

async function receiveForm(exchange: Exchange, { maxFileBytes, dialect }: CreateFileContext, pending: PendingFile) {
  const names = fieldNames(dialect.takesExpiry);
  const fields = new Map<string, string>();
  const seen = new Set<string>();
  let file: { filename: string; bytes: number } | undefined;
  await readForm(exchange, maxFileBytes, async ({ name, filename }, content) => {
    if (name !== 'file' && !names.includes(name)) {
      throw badRequest(`Unknown parameter: '${name}'.`, name, 'unknown_parameter');
    }
    if (seen.has(name)) throw badRequest(`Duplicate parameter: '${name}'.`, name, 'duplicate_parameter');
    seen.add(name);
    if (name === 'file') {
      if (filename === undefined) throw badRequest("The part 'file' has no filename.", 'file', 'invalid_value');
      file = { filename, bytes: await pending.receive(content) };
    } else {
      if (filename !== undefined) throw badRequest(`Invalid '${name}': expected a plain field.`, name, 'invalid_value');
      fields.set(name, await readField(name, content));
    }
  });
  return { fields, file };
}

async function readField(name: string, content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MAX_FIELD_BYTES) {
      throw badRequest(`Invalid '${name}': longer than ${MAX_FIELD_BYTES} bytes.`, name, 'invalid_value');
    }
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
