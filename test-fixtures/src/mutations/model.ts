import type { Mutations } from '../mutation.js';

export const modelMutations: Mutations = {};
