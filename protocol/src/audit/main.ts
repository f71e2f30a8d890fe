#!/usr/bin/env node
import { run } from './run.ts';

const { exit, out, err } = await run(process.argv.slice(2));
process.stderr.write(err);
process.stdout.write(out);
process.exitCode = exit;
