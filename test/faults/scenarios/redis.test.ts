import { testScenario } from "../test-scenario.ts";
import { scenario } from "./redis.ts";

testScenario("redis", scenario);
