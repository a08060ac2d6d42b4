import type { Request, RequestHandler } from "express";
import { json as jsonBody } from "express";
import { z } from "zod";
import type { AppState } from "../state/app-registry.ts";
import type { World } from "../world.ts";

/** A request of the control API that cannot be done; `message` says why. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

const readJsonBody = jsonBody({ limit: 512 * 1024 });

/** JSON only: a form of another site cannot send it without asking first, and nobody would let it. */
const requireJson: RequestHandler = (request, _response, next) => {
  if (request.is("application/json") === "application/json") next();
  else next(new ControlError(415, "Send JSON with Content-Type: application/json."));
};

/** Handlers for a route with a JSON body: what `act` returns is the answer, 200 unless it says otherwise. */
export function handleJson<T>(
  schema: z.ZodType<T>,
  act: (input: T, request: Request) => unknown | Promise<unknown>,
): RequestHandler[] {
  const run: RequestHandler = async (request, response) => {
    response.json(await act(parse(schema, request.body), request));
  };
  return [requireJson, readJsonBody, run];
}

export function handleQuery<T>(schema: z.ZodType<T>, read: (input: T) => unknown): RequestHandler {
  return (request, response) => {
    response.json(read(parse(schema, request.query)));
  };
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (!result.success) throw new ControlError(400, z.prettifyError(result.error));
  return result.data;
}

export function findApp(world: World, name: unknown): AppState {
  const app = world.apps.byName(String(name));
  if (app === undefined) throw new ControlError(404, `There is no app called "${String(name)}".`);
  return app;
}
