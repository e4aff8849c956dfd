import type { Mutations } from '../mutation.js';

export const exampleMutations: Mutations = {};
