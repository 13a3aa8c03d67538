export default {
  test: {
    globalSetup: "@riveter/cli/test/setup",
    minWorkers: 4,
    maxWorkers: 4,
    testTimeout: 60_000,
  },
};
