import { testScenario } from "../test-scenario.ts";
import { scenario } from "./stalled-ingress.ts";

testScenario("stalled-ingress", scenario);
