import { stageRule } from '../rule.js';

export const fileGitLfsPointer = stageRule({
  id: 'file/git-lfs-pointer',
  severity: 'error',
  stage: 'file',
  description: 'The file is the pointer that Git LFS leaves where the data has not been fetched.',
  message: (_: Record<string, never>) => 'this is a Git LFS pointer, not the data that it points to',
  help: () => 'run "git lfs pull" first; in CI, check out with LFS',
});
