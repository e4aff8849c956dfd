/** A legacy prompt and completion example as rules see it: what is present has the right shape. */
export interface CompletionExample {
  readonly prompt?: string;
  readonly completion?: string;
}
