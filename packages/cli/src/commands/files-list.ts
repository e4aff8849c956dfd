import type { FileObject } from '@tunegate/uploader';
import { EXIT, type ExitCode } from '../exit-code.js';
import { oneLine } from '../one-line.js';
import type { FilesCommand } from './files.js';

/** `tunegate files list`: written as the pages come, so that a project of any size is no matter. */
export async function list({ flags, format, io, to, client, note }: FilesCommand): Promise<ExitCode> {
  const { purpose, order, limit } = flags;
  const query = { ...(purpose !== undefined && { purpose }), ...(order !== undefined && { order }) };
  const page = limit === undefined ? {} : { limit: Math.min(10_000, Math.max(1, limit)) };
  let count = 0;
  if (format === 'json') await io.stdout.write('{"schemaVersion":1,"files":[');
  if (limit !== 0) {
    for await (const file of client.iterateFiles({ ...query, ...page }, { signal: io.signal })) {
      if (format === 'json') await io.stdout.write(`${count === 0 ? '' : ','}\n${JSON.stringify(file)}`);
      else await io.stdout.write(format === 'jsonl' ? `${JSON.stringify(file)}\n` : row(file));
      if (++count === limit) break;
    }
  }
  if (format === 'json') await io.stdout.write(`${count === 0 ? '' : '\n'}]}\n`);
  if (count === 0) await note(`no files at ${to.host}${purpose === undefined ? '' : ` with the purpose ${purpose}`}`);
  return EXIT.clean;
}

function row(file: FileObject): string {
  const { id, bytes, created_at, purpose, status, filename } = file;
  const columns = [
    id.padEnd(30),
    (bytes === null ? '?' : String(bytes)).padStart(12),
    timeText(created_at).padEnd(20),
    (status ?? '-').padEnd(9),
    (purpose || '-').padEnd(9),
    filename,
  ];
  return `${oneLine(columns.join('  ')).trimEnd()}\n`;
}

/** Every field of a file, one line each. */
export function describeFile(file: FileObject): string {
  const width = Math.max(...Object.keys(file).map((name) => name.length));
  return Object.entries(file)
    .map(([name, value]) => {
      const isTime = name.endsWith('_at') && typeof value === 'number' && value > 0;
      const text = isTime ? timeText(value) : typeof value === 'string' ? value : JSON.stringify(value);
      return `${oneLine(`${name.padEnd(width)}  ${text}`)}\n`;
    })
    .join('');
}

/** Unix seconds → ISO 8601 in UTC; a server's number may be no time at all. */
function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  if (seconds <= 0 || Number.isNaN(time.getTime())) return '-';
  return `${time.toISOString().slice(0, 19)}Z`;
}
