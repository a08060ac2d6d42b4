import { z } from "zod";
import {
  acceptedSchema,
  chatSchema,
  createChatSchema,
  deadLettersSchema,
  errorSchema,
  messageStatusSchema,
  replayedSchema,
  sendRequestSchema,
  timelineSchema,
} from "./api-schemas.ts";

/** The component schemas, by name. What the document says of them is made from the schemas that check requests. */
export const API_COMPONENTS = {
  SendRequest: sendRequestSchema,
  CreateChat: createChatSchema,
  Chat: chatSchema,
  Accepted: acceptedSchema,
  MessageStatus: messageStatusSchema,
  Timeline: timelineSchema,
  DeadLetters: deadLettersSchema,
  Replayed: replayedSchema,
  Error: errorSchema,
} as const;

const content = (name: keyof typeof API_COMPONENTS) => ({
  "application/json": { schema: { $ref: `#/components/schemas/${name}` } },
});
const failure = (description: string) => ({ description, content: content("Error") });
const everywhere = {
  401: failure("The token is missing or wrong."),
  429: failure("Too many requests; see Retry-After."),
  503: failure("Redis does not answer; try again with the same Idempotency-Key."),
};
const idParameter = { name: "id", in: "path", required: true, schema: { type: "string" } };

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: true,
  description: "The same for every try of one message; remembered for 24 hours.",
  schema: { type: "string", pattern: "^[!-~]{1,200}$" },
};

function read(
  operationId: string,
  summary: string,
  name: keyof typeof API_COMPONENTS,
  parameters: unknown[],
) {
  const responses = { 200: { description: "As asked for.", content: content(name) }, ...everywhere };
  return { operationId, summary, parameters, responses };
}

const unknown = { 404: failure("Nothing is known of this id.") };
const status = read("getMessage", "A message's state, part by part.", "MessageStatus", [idParameter]);
const timeline = read("getTimeline", "What happened to a message.", "Timeline", [idParameter]);
const offset = { name: "offset", in: "query", schema: { type: "integer", minimum: 0 } };
const appQuery = { name: "app", in: "query", schema: { type: "string" } };
const chat = read("getChat", "A group of the app.", "Chat", [idParameter, appQuery]);
const ofApp = { 404: failure("No such app."), 409: failure("The app is ambiguous (see choices).") };
const replay = read("replayDeadLetter", "Hand a dead letter in again.", "Replayed", [idParameter]);

/** The OpenAPI 3.1 document of `/api/v1`. */
export const openApiDocument = {
  openapi: "3.1.0",
  info: {
    title: "WeCom Agent Gateway",
    version: "1",
    description: "Messages to people without a question of theirs, and what became of messages.",
  },
  servers: [{ url: "/api/v1" }],
  security: [{ token: [] }],
  paths: {
    "/messages": {
      post: {
        operationId: "sendMessage",
        summary: "Send a message: it is stored, then delivered like any reply.",
        parameters: [idempotencyKey],
        requestBody: { required: true, content: content("SendRequest") },
        responses: {
          202: { description: "Stored. It survives any crash from here on.", content: content("Accepted") },
          400: failure("Not JSON, or no Idempotency-Key."),
          404: failure("No such app, or a user id that has not written yet."),
          409: failure(
            "The user id or the app is ambiguous (see choices), or the key belongs to another message.",
          ),
          413: failure("More than 256 KB."),
          422: failure("WeCom would refuse it; see faults."),
          ...everywhere,
        },
      },
    },
    "/messages/{id}": { get: { ...status, responses: { ...status.responses, ...unknown } } },
    "/messages/{id}/timeline": { get: { ...timeline, responses: { ...timeline.responses, ...unknown } } },
    "/chats": {
      post: {
        operationId: "createChat",
        summary:
          "Create a group of the app (WeCom document 90245): its visible range has to be the whole company.",
        parameters: [idempotencyKey],
        requestBody: { required: true, content: content("CreateChat") },
        responses: {
          201: {
            description: "Created. The same key gives the same group.",
            content: {
              "application/json": { schema: { type: "object", properties: { id: { type: "string" } } } },
            },
          },
          400: failure("Not JSON, or no Idempotency-Key."),
          ...ofApp,
          422: failure("WeCom refuses it; see faults."),
          ...everywhere,
        },
      },
    },
    "/chats/{id}": {
      get: { ...chat, responses: { ...chat.responses, ...ofApp, 422: failure("WeCom refuses it.") } },
    },
    "/dead-letters": {
      get: read("listDeadLetters", "Dead letters, the newest first.", "DeadLetters", [offset]),
    },
    "/dead-letters/{id}/replay": {
      post: {
        ...replay,
        responses: { ...replay.responses, ...unknown, 409: failure("It cannot be handed in again.") },
      },
    },
    "/openapi.json": {
      get: {
        operationId: "getDocument",
        summary: "This document.",
        responses: { 200: { description: "OpenAPI 3.1." }, ...everywhere },
      },
    },
  },
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
    schemas: Object.fromEntries(
      Object.entries(API_COMPONENTS).map(([name, schema]) => {
        const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input" });
        return [name, rest];
      }),
    ),
  },
} as const;
