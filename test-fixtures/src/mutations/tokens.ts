import type { Mutations } from '../mutation.js';

export const tokensMutations: Mutations = {};
