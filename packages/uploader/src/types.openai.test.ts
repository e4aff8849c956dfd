import type OpenAI from 'openai';
import { describe, expectTypeOf, it } from 'vitest';
import type { ExpiresAfter } from './create-file-options.js';
import type { FileDeleted, FileObject, FilePurpose, ListFilesQuery } from './types.js';

/**
 * Held against openai@6.49.0 by the compiler: `tsc -p tsconfig.check.json` fails when a type moves away from OpenAI's. The
 * tests below run as well, so that the file counts as one.
 */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Without the index signature that keeps fields which only some providers have. */
type Listed<T> = { [K in keyof T as string extends K ? never : K]: T[K] };
type RequiredKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? never : K }[keyof T];

type Official = OpenAI.Files.FileObject;
type Ours = Listed<FileObject>;
/** The fields whose type is not exactly OpenAI's. */
type Widened = {
  [K in keyof Ours & keyof Official]-?: Equal<Ours[K], Official[K]> extends true ? never : K;
}[keyof Ours & keyof Official];

describe('the types are those of the official client', () => {
  it('a file has the same fields', () => {
    expectTypeOf<keyof Ours>().toEqualTypeOf<keyof Official>();
  });

  it('every file of the official client is one of ours', () => {
    expectTypeOf<Official>().toExtend<Ours>();
  });

  it('only what providers are known to omit, or to name in their own words, is wider', () => {
    expectTypeOf<Widened>().toEqualTypeOf<'bytes' | 'purpose' | 'status' | 'status_details' | 'expires_at'>();
    expectTypeOf<RequiredKeys<Ours>>().toEqualTypeOf<Exclude<RequiredKeys<Official>, 'status'>>();
    expectTypeOf<Exclude<FileObject['bytes'], null>>().toEqualTypeOf<Official['bytes']>();
    expectTypeOf<Official['purpose']>().toExtend<FileObject['purpose']>();
    expectTypeOf<Official['status']>().toExtend<NonNullable<FileObject['status']>>();
  });

  it('what a file may be uploaded for is the same list', () => {
    expectTypeOf<FilePurpose>().toEqualTypeOf<OpenAI.Files.FilePurpose>();
    expectTypeOf<FilePurpose>().toEqualTypeOf<OpenAI.Files.FileCreateParams['purpose']>();
  });

  it('an expiry is the same', () => {
    expectTypeOf<ExpiresAfter>().toEqualTypeOf<OpenAI.Files.FileCreateParams.ExpiresAfter>();
  });

  it('the query of a listing is the same, but for the page number of Mistral', () => {
    expectTypeOf<Required<Omit<ListFilesQuery, 'page'>>>().toEqualTypeOf<Required<OpenAI.Files.FileListParams>>();
    expectTypeOf<OpenAI.Files.FileListParams>().toExtend<ListFilesQuery>();
  });

  it('a deletion is the same, and says more where the answer was lost', () => {
    expectTypeOf<Omit<FileDeleted, 'alreadyGone'>>().toEqualTypeOf<OpenAI.Files.FileDeleted>();
  });
});
