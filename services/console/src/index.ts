export { createChatClients } from "./api/chat-clients.ts";
export { type Operator, resolveOperator } from "./auth/operator.ts";
export { type ConsoleDeps, createConsoleApp } from "./console-app.ts";
export { type ConsoleServer, listenConsole } from "./console-server.ts";
