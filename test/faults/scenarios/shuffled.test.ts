import { testScenario } from "../test-scenario.ts";
import { scenario } from "./shuffled.ts";

testScenario("shuffled", scenario);
