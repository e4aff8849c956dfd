import { applyAlter, applyAnswer, applyEchoKey, applyGarble, applyRedirect } from './answers.js';
import { applyCut, applyDelay, applyInterim, applyLoseAnswer, applyStall } from './connection.js';
import { applyDownload } from './download.js';
import type { FaultContext } from './fault-context.js';
import type { RequestFault } from './fault-plan.js';
import { applyDeletion, applyListing } from './listing.js';
import { applyPace } from './pace.js';
import { applyRewrite } from './rewrite.js';
import { applyUpload } from './upload.js';

/** Answers one request as the fault says. @throws InterruptedRequestError if the client left before it was complete */
export async function applyFault(fault: RequestFault, context: FaultContext): Promise<void> {
  switch (fault.kind) {
    case 'cut':
      return applyCut(fault, context);
    case 'stall':
      return applyStall(fault, context);
    case 'answer':
      return applyAnswer(fault, context);
    case 'lose-answer':
      return applyLoseAnswer(fault, context);
    case 'garble':
      return applyGarble(fault, context);
    case 'alter':
      return applyAlter(fault, context);
    case 'pace':
      return applyPace(fault, context);
    case 'redirect':
      return applyRedirect(fault, context);
    case 'interim':
      return applyInterim(fault, context);
    case 'delay':
      return applyDelay(fault, context);
    case 'listing':
      return applyListing(fault, context);
    case 'rewrite':
      return applyRewrite(fault, context);
    case 'deletion':
      return applyDeletion(fault, context);
    case 'download':
      return applyDownload(fault, context);
    case 'upload':
      return applyUpload(fault, context);
    case 'echo-key':
      return applyEchoKey(fault, context);
  }
}
