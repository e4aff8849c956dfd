/** Whose credentials a request carries. */
interface Credentials {
  /** Empty where the server wants none. */
  readonly apiKey: string;
  readonly organization: string | undefined;
  readonly project: string | undefined;
}

/** How one provider's Files API differs from the others: data and small functions, no requests. */
export interface Dialect {
  readonly name: DialectName;
  /** Where the provider answers; `null` when only the caller can know. */
  readonly defaultBaseURL: string | null;
  readonly needsKey: boolean;
  /** The Uploads API, by which a file goes in parts; `null` where there is none, or none is known of. */
  readonly uploads: {
    /** What the server wants a JSONL file to be called in `mime_type`. */
    readonly mimeType: string;
  } | null;
  credentialHeaders(credentials: Credentials): Record<string, string>;
}

/** The dialects that the package knows by name; not all of them are implemented. */
export type DialectName = 'openai' | 'azure' | 'together' | 'mistral' | 'generic';
