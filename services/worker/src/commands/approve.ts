import { createDecisionCommand } from "./decide.ts";

export const approve = createDecisionCommand("approve", "approved");
