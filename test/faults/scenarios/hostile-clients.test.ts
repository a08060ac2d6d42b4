import { testScenario } from "../test-scenario.ts";
import { scenario } from "./hostile-clients.ts";

testScenario("hostile-clients", scenario);
