export { type CheckAndUploadOptions, checkAndUpload, ValidationFailedError } from './check-and-upload.js';
