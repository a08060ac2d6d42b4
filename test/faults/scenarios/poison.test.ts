import { testScenario } from "../test-scenario.ts";
import { scenario } from "./poison.ts";

testScenario("poison", scenario);
