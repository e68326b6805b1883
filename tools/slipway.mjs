// The one door to every command: `node tools/slipway.mjs <command> [options]`, which is what the npm scripts call.
// Plain JavaScript, so that it also runs, and can say what is wrong, on a Node too old for our TypeScript.

const REQUIRED = 24;
const [name, ...args] = process.argv.slice(2);

if (Number.parseInt(process.versions.node, 10) < REQUIRED) {
  console.error(
    `slipway needs Node ${REQUIRED}, found ${process.versions.node}: run it as an npm script after \`npm rebuild node\` (the package "node" brings Node ${REQUIRED}), or install Node ${REQUIRED} yourself.`,
  );
  process.exit(2);
}

await import('./short-run.mjs');
const { run } = await import('./lib/cli.ts');
process.exitCode = await run(name, args);
