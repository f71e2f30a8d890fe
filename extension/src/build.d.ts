/** true in builds for development and tests: http on loopback is allowed wherever https is demanded. */
declare const __LOOPBACK__: boolean;
/** true in the build the e2e tests drive: shorter undo window and answer times. */
declare const __E2E__: boolean;
