import { describe, expect, it } from 'vitest';
import { createSiblings } from './siblings.js';

describe('uploads of one client', () => {
  it('of the same file are unsettled twins while both run', () => {
    const siblings = createSiblings();
    const first = siblings.begin('a');
    expect(first.hasUnsettledTwin()).toBe(false);
    const second = siblings.begin('a');
    siblings.begin('b');
    expect(first.hasUnsettledTwin()).toBe(true);
    second.end({ fileId: 'file-2' });
    expect(first.hasUnsettledTwin()).toBe(false);
    expect(siblings.isClaimed('file-2')).toBe(true);
    expect(siblings.isClaimed('file-1')).toBe(false);
  });

  it('stay unsettled when one of them ended without knowing', () => {
    const siblings = createSiblings();
    const first = siblings.begin('a');
    siblings.begin('a').end('unknown');
    expect(first.hasUnsettledTwin()).toBe(true);
    first.end('no-file');
    expect(siblings.begin('a').hasUnsettledTwin()).toBe(false);
  });
});
