import { expect, jest } from "@jest/globals";

// CI machines are shared: a process that gets no processor for half a minute fails a test that is right. What failed
// is printed all the same. Not where races are looked for: one that shows in three of ten runs would be hidden in nine.
const LOOKS_FOR_RACES = /[\\/]test[\\/](faults|integration[\\/]crash)[\\/]/;
const { testPath = "" } = expect.getState();
if (process.env.CI !== undefined && !LOOKS_FOR_RACES.test(testPath))
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
