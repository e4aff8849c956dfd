import type { Mutations } from '../mutation.js';

export const messagesMutations: Mutations = {};
