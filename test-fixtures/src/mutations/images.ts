import type { Mutations } from '../mutation.js';

export const imagesMutations: Mutations = {};
