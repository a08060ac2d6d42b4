import { testScenario } from "../test-scenario.ts";
import { scenario } from "./redis-disk-full.ts";

testScenario("redis-disk-full", scenario);
