// Plain JavaScript on purpose: it must run on the very Node that is too old for everything else.
// npm puts node_modules/.bin first on the PATH, so with the optional Node 24 package installed this is Node 24.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `Zusage needs Node 24 or newer and found ${process.version} on ${process.platform}-${process.arch}: ` +
      'run "npm install" without --omit=optional, or install Node 24 from nodejs.org, then try again.\n',
  );
  process.exit(1);
}
