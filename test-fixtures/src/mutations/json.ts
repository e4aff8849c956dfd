import type { Mutations } from '../mutation.js';

export const jsonMutations: Mutations = {};
