import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stateDirectory } from './state-directory.js';

test.each([
  ['linux', { HOME: '/home/a' }, ['/home/a', '.local', 'state', 'tunegate']],
  ['linux', { HOME: '/home/a', XDG_STATE_HOME: '/state' }, ['/state', 'tunegate']],
  ['linux', { HOME: '/home/a', XDG_STATE_HOME: 'state' }, ['/home/a', '.local', 'state', 'tunegate']],
  ['darwin', { HOME: '/Users/a' }, ['/Users/a', 'Library', 'Application Support', 'tunegate']],
  ['win32', { USERPROFILE: '/u/a', LOCALAPPDATA: '/u/a/Local' }, ['/u/a/Local', 'tunegate', 'state']],
] as const)('on %s with %j, state is kept in %j', (platform, env, parts) => {
  expect(stateDirectory(env, platform)).toBe(join(...parts));
});
