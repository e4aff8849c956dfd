import type { Mutations } from '../mutation.js';
import { completionMutations } from './completion.js';
import { conversationMutations } from './conversation.js';
import { datasetMutations } from './dataset.js';
import { exampleMutations } from './example.js';
import { fileMutations } from './file.js';
import { formatMutations } from './format.js';
import { imagesMutations } from './images.js';
import { jsonMutations } from './json.js';
import { lineMutations } from './line.js';
import { messagesMutations } from './messages.js';
import { modelMutations } from './model.js';
import { preferenceMutations } from './preference.js';
import { reinforcementMutations } from './reinforcement.js';
import { tokensMutations } from './tokens.js';
import { toolCallMutations } from './tool-calls.js';
import { toolsMutations } from './tools.js';

/** The mutations of the whole catalogue, by rule id. */
export const mutations: Mutations = {
  ...fileMutations,
  ...lineMutations,
  ...jsonMutations,
  ...formatMutations,
  ...exampleMutations,
  ...messagesMutations,
  ...conversationMutations,
  ...toolsMutations,
  ...toolCallMutations,
  ...imagesMutations,
  ...preferenceMutations,
  ...reinforcementMutations,
  ...completionMutations,
  ...tokensMutations,
  ...datasetMutations,
  ...modelMutations,
};
