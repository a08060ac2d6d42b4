import { createDecisionCommand } from "./decide.ts";

export const deny = createDecisionCommand("deny", "denied");
