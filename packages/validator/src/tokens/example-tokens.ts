/** The token counts of one example, as {@link countTokens} finds them. */
export interface ExampleTokens {
  /** All tokens of the example, reply priming included. */
  readonly total: number;
  /** Tokens that are trained on: those of assistant messages whose weight is not 0. */
  readonly trained: number;
  /** Tokens of the tool and function definitions. */
  readonly tools: number;
  /** The message with the most tokens; absent when there is none. */
  readonly longestMessage?: { readonly pointer: string; readonly tokens: number };
  /** How many tokens come before the last assistant message; absent when there is none. */
  readonly lastAssistantStart?: number;
}
