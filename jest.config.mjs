/** Runs the TypeScript sources as ES modules, as Node does; SWC takes the types away. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{apps,charts,cluster-infra,config,flux,service,tools}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  globalSetup: '<rootDir>/tools/testing/global-setup.ts',
  globalTeardown: '<rootDir>/tools/testing/global-teardown.ts',
  testTimeout: 30_000,
};
