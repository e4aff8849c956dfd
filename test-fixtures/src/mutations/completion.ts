import type { Mutations } from '../mutation.js';

export const completionMutations: Mutations = {};
