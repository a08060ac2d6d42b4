import { testScenario } from "../test-scenario.ts";
import { scenario } from "./network.ts";

testScenario("network", scenario);
