import type { Mutations } from '../mutation.js';

export const formatMutations: Mutations = {};
