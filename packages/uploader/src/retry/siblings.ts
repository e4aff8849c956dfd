/** One upload among those of the same client. */
export interface Sibling {
  /**
   * Another upload of the same name, size and purpose runs, or ended without knowing its file, since this one began. A
   * newcomer in the listing may then be that upload's.
   */
  hasUnsettledTwin(): boolean;
  /** @param fileId the file that the upload made; absent when it failed and may have made one or not */
  end(outcome: 'no-file' | 'unknown' | { fileId: string }): void;
}

/** Keeps the uploads of one client apart, so that two of the same file never claim the same result. */
export interface Siblings {
  begin(identity: string): Sibling;
  isClaimed(fileId: string): boolean;
  /** The server is known to keep files under names of its own: no listing of it tells one file from another. */
  readonly hasRenamed: boolean;
  noteRenamed(): void;
}

export function createSiblings(): Siblings {
  const running = new Map<string, { count: number; hasUnknown: boolean }>();
  const claimed = new Set<string>();
  let hasRenamed = false;
  return {
    get hasRenamed() {
      return hasRenamed;
    },
    noteRenamed() {
      hasRenamed = true;
    },
    isClaimed: (fileId) => claimed.has(fileId),
    begin(identity) {
      const family = running.get(identity) ?? { count: 0, hasUnknown: false };
      running.set(identity, family);
      family.count++;
      return {
        hasUnsettledTwin: () => family.count > 1 || family.hasUnknown,
        end(outcome) {
          family.count--;
          if (outcome === 'unknown') family.hasUnknown = true;
          else if (outcome !== 'no-file') claimed.add(outcome.fileId);
          if (family.count === 0) running.delete(identity);
        },
      };
    },
  };
}
