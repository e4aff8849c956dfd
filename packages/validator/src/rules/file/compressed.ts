import { stageRule } from '../rule.js';

export const fileCompressed = stageRule({
  id: 'file/compressed',
  severity: 'warning',
  stage: 'file',
  description: 'The file is compressed; it is checked inside where that is possible, but must be sent unpacked.',
  message: ({ kind, fault }: { kind: 'gzip' | 'zstd' | 'zip'; fault?: 'archive' | 'damaged' | 'node' }) => {
    switch (fault) {
      case 'archive':
        return `the file is a ${kind} archive, which cannot be checked; providers take it unpacked only`;
      case 'damaged':
        return `the ${kind} data are damaged or cut off; what comes before was checked`;
      case 'node':
        return `the file is compressed with ${kind}, which this version of Node cannot unpack; it was not checked`;
      default:
        return `the file is compressed with ${kind}; providers take it unpacked only`;
    }
  },
  help: ({ fault }) => {
    if (fault === 'damaged') return 'fetch or pack the file again';
    return fault === 'node' ? 'use Node 22.15 or newer, or unpack it first' : 'unpack it before it is sent';
  },
  soften: ({ fault }) => (fault === undefined ? undefined : 'error'),
});
