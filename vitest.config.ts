import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// Tests run on the sources: no build is needed, and a stack trace names the line somebody wrote.
const alias = [
  { find: /^@tunegate\/validator\/formatters$/, replacement: path('packages/validator/src/formatters/index.ts') },
  { find: /^@tunegate\/validator$/, replacement: path('packages/validator/src/index.ts') },
  { find: /^@tunegate\/uploader\/local$/, replacement: path('packages/uploader/src/local/index.ts') },
  { find: /^@tunegate\/uploader$/, replacement: path('packages/uploader/src/index.ts') },
  { find: /^\.\/worker-entry\.js$/, replacement: path('packages/validator/src/parallel/worker-entry.harness.ts') },
  { find: /^@tunegate\/test-fixtures$/, replacement: path('test-fixtures/src/index.ts') },
];

const project = (name: string, root: string) => ({
  resolve: { alias },
  test: {
    name,
    root: path(root),
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('validator', 'packages/validator'),
      project('uploader', 'packages/uploader/src'),
      project('cli', 'packages/cli/src'),
      project('workspace', 'scripts'),
    ],
    reporters: ['default', path('scripts/closing-line-reporter.ts')],
  },
});
