// The worker as it stands in the sources. Node 20 reads no TypeScript, and loaders are for each thread to register.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
