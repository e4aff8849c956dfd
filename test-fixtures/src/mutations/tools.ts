import type { Mutations } from '../mutation.js';

export const toolsMutations: Mutations = {};
