/** Moves when a machine format changes in a way that breaks its readers. */
export const SCHEMA_VERSION = 1;
