import { usageError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { FilesCommand } from './files.js';

/** `tunegate files download`: into a file that appears only when it is complete, or to standard output. */
export async function download({ ids, flags, format, io, to, client, note }: FilesCommand): Promise<ExitCode> {
  const [id = ''] = ids;
  const { output } = flags;
  const { signal } = io;
  if (output !== undefined && output !== '-') {
    const saved = await client.downloadFile(id, { to: output, overwrite: flags.overwrite === true, signal });
    if (format === 'json') await io.stdout.write(`${JSON.stringify({ id, ...saved })}\n`);
    await note(`downloaded ${id} from ${to.host} to ${saved.path}: ${saved.bytes} bytes, sha256 ${saved.sha256}`);
    return EXIT.clean;
  }
  if (format === 'json') throw usageError('--format json describes a download into a file', 'give -o FILE');
  if (io.stdout.isTTY && output === undefined) {
    throw usageError('a dataset is not for the terminal', 'give -o FILE, or -o - to see it all the same');
  }
  const { body } = await client.downloadFile(id, { stream: true, signal });
  for await (const chunk of body) await io.stdout.write(chunk);
  return EXIT.clean;
}
