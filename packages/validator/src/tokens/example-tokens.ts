/** The token counts of one example, as {@link countTokens} finds them. */
export interface ExampleTokens {
  /** All tokens of the example, reply priming included. */
  readonly total: number;
  /** Tokens that are trained on: those of assistant messages whose weight is not 0. */
  readonly trained: number;
  /**
   * Tokens of the longest text that is trained on at once: of a preference the input with the longer output, otherwise
   * all tokens of the example.
   */
  readonly sequence: number;
  /** Tokens of the tool and function definitions. */
  readonly tools: number;
  /** The message, or text of a completion, with the most tokens; absent when there is none. */
  readonly longestMessage?: { readonly pointer: string; readonly tokens: number };
  /** How many tokens come before the last answer; absent when there is none. */
  readonly lastAssistantStart?: number;
  /**
   * How many tokens come before the first answer that is trained on, or that may be: what could not be read counts as
   * one. Absent when nothing is trained on.
   */
  readonly firstTrainedStart?: number;
}
