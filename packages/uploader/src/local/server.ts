import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serverDialects } from './dialects/index.js';
import { LocalFilesServerError } from './errors.js';
import { checkPlan } from './faults/check-plan.js';
import type { FaultRule } from './faults/fault-plan.js';
import { runPlan } from './faults/take.js';
import { type Backend, codeOf, type Listener, listen } from './http-server.js';
import { DirectoryInUseError, lockDirectory } from './lock.js';
import { type CompleteOptions, type LocalFilesServerOptions, normalizeOptions } from './options.js';
import { createProcessing } from './processing.js';
import { createFilesApi, createStorageApi } from './routes.js';
import { createStorage } from './storage.js';
import { type FileStore, makeDirectory, openStore } from './store.js';
import { openUploads, type UploadStore } from './uploads/upload-store.js';

/** A running embedded server. */
export interface LocalFilesServer {
  /** The base URL for clients, for example `http://127.0.0.1:40123/v1`. */
  readonly url: string;
  readonly port: number;
  /** Where the files are. */
  readonly directory: string;
  /** Appends rules to the fault plan that the server was started with. @throws LocalFilesServerError `E_LOCAL_OPTION` */
  addFaults(...rules: readonly FaultRule[]): void;
  /** From here on the server behaves. */
  clearFaults(): void;
  /**
   * Stops at once: open connections are cut, an upload under way leaves nothing behind, and the directory is removed if
   * it is the server's own temporary one. Calling it again returns the same promise.
   */
  close(): Promise<void>;
}

/**
 * Starts OpenAI's Files and Uploads API on a loopback address: for tests, demonstrations and pipelines without a network.
 *
 * Every non-empty key is accepted and nothing is checked about the content: it is a place to put files, not a validator.
 * A file appears only when its whole request has arrived. Contents are streamed to and from disk, never held in memory.
 *
 * @throws LocalFilesServerError `E_LOCAL_OPTION`, `E_LOCAL_DIRECTORY`, `E_LOCAL_LOCKED`, `E_LOCAL_LISTEN`
 */
export async function startLocalFilesServer(options: LocalFilesServerOptions = {}): Promise<LocalFilesServer> {
  const complete = normalizeOptions(options);
  const { directory, store, uploads, release } = await openDirectory(complete);
  const dialect = serverDialects[complete.dialect];
  const plan = runPlan(complete.faults, complete.random);
  const { clock, maxFileBytes } = complete;
  const listeners: Listener[] = [];

  try {
    const start = async (api: Backend['api'], port: number) => {
      const expireUpload: Backend['expireUpload'] = ({ path, query }) =>
        uploads.expire(dialect.relativePath(path, query)?.split('/').at(2) ?? '');
      const listener = await listen({ api, plan, dialect, expireUpload }, complete, port);
      listeners.push(listener);
      return listener;
    };
    const desk = dialect.upload === 'storage' ? createStorage(store, maxFileBytes) : undefined;
    const storage = desk && { desk, origin: (await start(createStorageApi(desk), 0)).origin };
    const processing = createProcessing({ ...dialect.processing, ...complete.processing }, clock);
    const api = createFilesApi({ store, uploads, processing, dialect, maxFileBytes, clock, storage });
    const { origin, port } = await start(api, complete.port);

    let closing: Promise<void> | undefined;
    return {
      url: `${origin}${dialect.basePath}`,
      port,
      directory,
      addFaults(...rules) {
        checkPlan(rules);
        plan.add(...rules);
      },
      clearFaults: plan.clear,
      close() {
        closing ??= stop();
        return closing;
      },
    };
  } catch (cause) {
    await stop();
    const address = `${complete.host}, port ${complete.port}`;
    const message = `Cannot listen on ${address} (${codeOf(cause)}): choose another port, or 0 for any free one.`;
    throw new LocalFilesServerError('E_LOCAL_LISTEN', message, { cause });
  }

  async function stop() {
    for (const listener of listeners) await listener.close();
    await release();
  }
}

interface OpenDirectory {
  readonly directory: string;
  readonly store: FileStore;
  readonly uploads: UploadStore;
  /** Gives the directory back, or removes it if it is the server's own. */
  release(): Promise<void>;
}

async function openDirectory(options: CompleteOptions): Promise<OpenDirectory> {
  let unlock = async () => {};
  try {
    const directory = resolve(options.directory ?? (await mkdtemp(join(tmpdir(), 'tunegate-files-'))));
    if (options.directory !== undefined) {
      await makeDirectory(directory);
      unlock = await lockDirectory(directory);
    }
    const store = await openStore(directory, options.clock);
    const uploads = await openUploads(directory, store, options.clock);
    const remove = () => rm(directory, { recursive: true, force: true });
    return { directory, store, uploads, release: options.directory === undefined ? remove : unlock };
  } catch (cause) {
    await unlock();
    const name = options.directory ?? tmpdir();
    if (cause instanceof DirectoryInUseError) {
      const message = `Another server keeps its files in ${name} (process ${cause.pid}): stop it, or name another directory.`;
      throw new LocalFilesServerError('E_LOCAL_LOCKED', message, { cause });
    }
    const message = `Cannot keep files in ${name} (${codeOf(cause)}): name a directory that can be written to.`;
    throw new LocalFilesServerError('E_LOCAL_DIRECTORY', message, { cause });
  }
}
