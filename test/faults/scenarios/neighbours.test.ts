import { testScenario } from "../test-scenario.ts";
import { scenario } from "./neighbours.ts";

testScenario("neighbours", scenario);
