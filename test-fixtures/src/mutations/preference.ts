import type { Mutations } from '../mutation.js';

export const preferenceMutations: Mutations = {};
