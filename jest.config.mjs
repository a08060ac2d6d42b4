import { availableParallelism } from "node:os";

const project = {
  extensionsToTreatAsEsm: [".ts"],
  testEnvironment: "node",
  testEnvironmentOptions: { customExportConditions: ["@gateway/source", "node", "node-addons"] },
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "es6" } },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/(packages|services)/.*/dist/"],
};

export default {
  testTimeout: 60_000,
  // Each starts up to a dozen processes: three at a time on two slow cores, and what is measured is who gets a processor.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  workerIdleMemoryLimit: "1500MB",
  testSequencer: "<rootDir>/test/support/slowest-first.mjs",
  projects: [
    {
      ...project,
      displayName: "unit",
      testMatch: ["<rootDir>/{packages,services}/*/src/**/*.test.ts"],
      setupFilesAfterEnv: ["<rootDir>/test/support/property-runs.ts"],
    },
    {
      ...project,
      displayName: "integration",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      setupFilesAfterEnv: ["<rootDir>/test/support/retry-once.ts", "<rootDir>/test/support/check-leaks.ts"],
      globalSetup: "<rootDir>/test/support/global-setup.mjs",
      globalTeardown: "<rootDir>/test/support/global-teardown.mjs",
    },
  ],
};
