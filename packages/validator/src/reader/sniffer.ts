import { type ContainerFinding, SNIFF_BYTES, sniffContainer } from './container.js';

/** Stands before the line reader: holds the first bytes back until it is known what kind of file they begin. */
export interface Sniffer {
  /** @returns The bytes that may go on to the line reader: none while the sample grows, and none of a container. */
  take(bytes: Uint8Array): readonly Uint8Array[];
  /** The end of the file: decides, if the sample never grew full. */
  end(): readonly Uint8Array[];
  /** Whether the file was found to be something else than JSON Lines. */
  readonly isContainer: boolean;
}

/** @param report - Gets the one finding about a file that is not JSON Lines. */
export function createSniffer(report: (finding: ContainerFinding) => void): Sniffer {
  let held: Uint8Array[] | undefined = [];
  let heldBytes = 0;
  let isContainer = false;

  const decide = (isWhole: boolean): readonly Uint8Array[] => {
    const pieces = held ?? [];
    held = undefined;
    const sample = new Uint8Array(heldBytes);
    let at = 0;
    for (const piece of pieces) {
      sample.set(piece, at);
      at += piece.length;
    }
    const finding = sniffContainer(sample.subarray(0, SNIFF_BYTES), isWhole && heldBytes <= SNIFF_BYTES);
    if (finding === undefined) return pieces;
    isContainer = true;
    report(finding);
    return [];
  };

  return {
    get isContainer() {
      return isContainer;
    },
    take(bytes) {
      if (isContainer) return [];
      if (held === undefined) return [bytes];
      // A copy, because the caller uses its buffer again; the slice() of a Node buffer would be a view.
      held.push(new Uint8Array(bytes));
      heldBytes += bytes.length;
      return heldBytes >= SNIFF_BYTES ? decide(false) : [];
    },
    end() {
      return held === undefined ? [] : decide(true);
    },
  };
}
