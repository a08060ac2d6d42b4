import { testScenario } from "../test-scenario.ts";
import { scenario } from "./rolling-replacement.ts";

testScenario("rolling-replacement", scenario);
