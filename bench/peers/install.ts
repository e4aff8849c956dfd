/** Others' validators, in Python: each is installed from PyPI into a virtual environment of its own under `.bench/`. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A validator that can be run as `python script FILE …more`. */
export interface Peer {
  readonly name: string;
  readonly python: string;
  readonly script: string;
  readonly more: readonly string[];
}

/** A peer that cannot be run here, and why. */
export interface SkippedPeer {
  readonly name: string;
  readonly reason: string;
}

interface PeerPackage {
  readonly name: string;
  /** Name and version, as pip takes them. */
  readonly requirement: string;
  readonly script: string;
  readonly more?: readonly string[];
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Together's twice: today's parses each line and nothing else, 1.5.35 is the last that looks at the messages. */
const PACKAGES: readonly PeerPackage[] = [
  {
    name: "the cookbook's checks, tokens exact (tiktoken 0.14.0, cl100k_base)",
    requirement: 'tiktoken==0.14.0',
    script: path('cookbook.py'),
    more: [path('../node_modules/tiktoken/encoders/cl100k_base.json')],
  },
  {
    name: 'together 3.1.1 check_file, JSON only',
    requirement: 'together==3.1.1',
    script: path('together_check.py'),
  },
  {
    name: 'together 1.5.35 check_file, no tokens',
    requirement: 'together==1.5.35',
    script: path('together_check.py'),
  },
];

/** Installs what is not there from an earlier run. What cannot be installed is skipped, with the reason. */
export function installPeers(): { readonly peers: readonly Peer[]; readonly skipped: readonly SkippedPeer[] } {
  const peers: Peer[] = [];
  const skipped: SkippedPeer[] = [];
  for (const { name, requirement, script, more = [] } of PACKAGES) {
    const folder = path(`../../.bench/peer-${requirement.replace('==', '-')}`);
    const python = join(folder, 'bin', 'python');
    const reason = install(folder, python, requirement);
    if (reason === undefined) peers.push({ name, python, script, more });
    else skipped.push({ name, reason });
  }
  return { peers, skipped };
}

/** The reason why it is not installed, if it is not. */
function install(folder: string, python: string, requirement: string): string | undefined {
  // Written last: an installation that was interrupted is begun anew.
  const isComplete = join(folder, 'installed');
  if (existsSync(isComplete)) return undefined;
  rmSync(folder, { recursive: true, force: true });
  process.stderr.write(`installing ${requirement} into ${folder}\n`);
  const reason =
    failure('python3 with venv', spawnSync('python3', ['-m', 'venv', folder], { encoding: 'utf8' })) ??
    failure(
      'pip',
      spawnSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement], {
        encoding: 'utf8',
      }),
    );
  if (reason === undefined) writeFileSync(isComplete, '');
  return reason;
}

function failure(what: string, { error, status, stderr }: SpawnSyncReturns<string>): string | undefined {
  if (error !== undefined) return `${what} is not there (${error.message})`;
  return status === 0 ? undefined : `${what} failed: ${stderr.trimEnd().split('\n').at(-1) ?? ''}`;
}
