import type { Mutations } from '../mutation.js';

export const datasetMutations: Mutations = {};
