import { testScenario } from "../test-scenario.ts";
import { scenario } from "./agent-service.ts";

testScenario("agent-service", scenario);
