import { testScenario } from "../test-scenario.ts";
import { scenario } from "./clock-skew.ts";

testScenario("clock-skew", scenario);
