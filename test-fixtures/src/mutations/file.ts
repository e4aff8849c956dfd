import type { Mutations } from '../mutation.js';

export const fileMutations: Mutations = {};
