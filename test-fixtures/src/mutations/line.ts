import type { Mutations } from '../mutation.js';

export const lineMutations: Mutations = {};
