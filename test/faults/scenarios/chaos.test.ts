import { testScenario } from "../test-scenario.ts";
import { scenario } from "./chaos.ts";

// By the seed, lines written in a row become one turn within 400, 800 and 1200 ms.
testScenario("chaos", scenario, { seeds: [1, 2, 3] });
