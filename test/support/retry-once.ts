import { jest } from "@jest/globals";

// CI machines are shared: a process that gets no processor for half a minute fails a test that is right. What failed
// is printed all the same, and a fault that is there fails twice.
if (process.env.CI !== undefined) jest.retryTimes(1, { logErrorsBeforeRetry: true });
