import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Real time, real programs: run by `npm run test:full` alone, which installs the servers first. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@tunegate\/uploader\/local$/, replacement: path('../src/local/index.ts') },
      { find: /^@tunegate\/uploader$/, replacement: path('../src/index.ts') },
    ],
  },
  test: {
    name: 'third-party',
    root: path('.'),
    include: ['*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    fileParallelism: false,
    reporters: ['default', path('../../../scripts/closing-line-reporter.ts')],
  },
});
