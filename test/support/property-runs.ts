import fc from "fast-check";

// One seed, so that what passes here passes everywhere; `npm run fuzz` brings others, and time.
const { FUZZ_SEED = "20240229", FUZZ_PROPERTY_MS } = process.env;
const bounds =
  FUZZ_PROPERTY_MS === undefined
    ? { numRuns: 1000, interruptAfterTimeLimit: 1000 }
    : { numRuns: 1e9, interruptAfterTimeLimit: Number(FUZZ_PROPERTY_MS) };
fc.configureGlobal({ seed: Number(FUZZ_SEED), ...bounds });
