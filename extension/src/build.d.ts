/** true in builds for development and tests: http on loopback is allowed wherever https is demanded. */
declare const __LOOPBACK__: boolean;
/** true in the build the e2e tests drive: shorter answer times, and an undo window that a test can shorten. */
declare const __E2E__: boolean;
/** The lists of `word-lists.ts`, cut while building. */
declare module 'virtual:word-lists' {
  export const lists: ReturnType<typeof import('../word-lists.ts').wordLists>;
}
