import type { Severity } from './diagnostic.js';
import type { Method, ValidateOptions } from './options.js';

/**
 * What a `tunegate.config` file may say. Flags win over it. Keys, base URLs, headers and proxies are never read from a
 * configuration: they belong to the environment.
 */
export interface Config
  extends Pick<
    ValidateOptions,
    | 'target'
    | 'model'
    | 'models'
    | 'tokens'
    | 'select'
    | 'ignore'
    | 'limits'
    | 'customRules'
    | 'extraKeys'
    | 'maxLineBytes'
  > {
  /** For an editor: where the JSON Schema of this file is. */
  readonly $schema?: string;
  readonly method?: Method;
  /** Severities by rule id, or `category/*`. */
  readonly rules?: Readonly<Record<string, Severity | 'off'>>;
  /** More warnings than this fail a check. @default any number passes */
  readonly maxWarnings?: number;
}

/** Types a configuration: `export default defineConfig({ … })` in `tunegate.config.ts`. */
export function defineConfig(config: Config): Config {
  return config;
}
