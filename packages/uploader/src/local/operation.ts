/** What a request asks for, by the names of OpenAI's OpenAPI description; the last two exist in the `together` dialect only. */
export const OPERATIONS = [
  'createFile',
  'listFiles',
  'retrieveFile',
  'deleteFile',
  'downloadFile',
  'createUpload',
  'addUploadPart',
  'completeUpload',
  'cancelUpload',
  'storeContent',
  'preprocessFile',
] as const;

export type LocalOperation = (typeof OPERATIONS)[number];
