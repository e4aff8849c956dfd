/**
 * What an example may have that rules look for: a rule that names what it needs is not run where there is nothing of it.
 *
 * A trait is there wherever it cannot be excluded, so a rule may be run in vain; `system` alone is exact. The bits are
 * those of the scanner (`scanner/traits.ts`).
 */
export const TRAITS = {
  /** `tools`, `functions` or `parallel_tool_calls`. */
  tools: 1,
  /** A call, the result of one, or a role of neither the system, the user nor the assistant. */
  calls: 2,
  /** A content that is a list of parts. */
  parts: 4,
  /** A weight that is not 0 or 1 on an answer; or no answer is trained on. */
  weight: 8,
  /** A name that is not 1 to 64 letters of ASCII, digits, "_" and "-". */
  name: 16,
  refusal: 32,
  /** Anything but a message of the system or none, then user and assistant in turn, up to an answer. */
  'odd-turns': 64,
  /** A message that says nothing, or is no text. */
  blank: 128,
  /** A text that is perhaps longer than the target takes. */
  'long-text': 256,
  /** A message of the system or of the developer. */
  system: 512,
} as const;

export type Trait = keyof typeof TRAITS;

/** Of an example of which nothing is known. */
export const ALL_TRAITS = 1023;

/** The bits of some traits; all of them where none are named. */
export function traitBits(traits: readonly Trait[] | undefined): number {
  if (traits === undefined) return ALL_TRAITS;
  return traits.reduce((bits, trait) => bits | TRAITS[trait], 0);
}
