import type { Mutations } from '../mutation.js';

export const reinforcementMutations: Mutations = {};
