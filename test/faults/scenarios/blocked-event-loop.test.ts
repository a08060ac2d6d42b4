import { testScenario } from "../test-scenario.ts";
import { scenario } from "./blocked-event-loop.ts";

testScenario("blocked-event-loop", scenario);
