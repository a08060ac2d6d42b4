import { testScenario } from "../test-scenario.ts";
import { scenario } from "./split-brain.ts";

testScenario("split-brain", scenario);
