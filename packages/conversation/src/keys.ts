/**
 * Every key the gateway owns in Redis. The prefix carries a {hash tag}, so that all of them, BullMQ's
 * keys included, live in one cluster slot and one script may touch several.
 */
export interface Keys {
  readonly prefix: string;
  /** Accepted once: set together with the mailbox entry, expires after DEDUPE_WINDOW_MS. */
  seen(messageId: string): string;
  /** Messages that an app (corp:agent) has had within a second while others waited. */
  crowding(app: string): string;
  /** List of accepted messages of a conversation, oldest first. The truth and the order. */
  mailbox(conversation: string): string;
  /** List of commands and pressed buttons of a conversation, oldest first. They overtake the mailbox. */
  control(conversation: string): string;
  /**
   * Hash: own (turn job id), n (messages claimed), att (attempts), stop (why the run is to end), set by claim
   * and cleared by commit. */
  turn(conversation: string): string;
  /** Hash: what a run has stored to be found again after a crash. Lives as long as the turn. */
  checkpoint(conversation: string): string;
  /** Hash: a turn whose agent answers later: conversation, and what the agent has said. The token is in its address. */
  agentCallback(token: string): string;
  /** Hash: what the running agent has asked the person to allow, and the answers. */
  approvals(conversation: string): string;
  /** Hash: what outlives a turn: session epoch, busy mode, last activity, what the runner remembers it by. */
  session(conversation: string): string;
  /** List of a conversation's latest exchanges, oldest first. */
  transcript(conversation: string): string;
  /** The entries of the last turn, for /retry. */
  lastTurn(conversation: string): string;
  /** Hash: a person's background tasks, until they are found to have ended. */
  background(conversation: string): string;
  /** List of reply ids of a conversation, oldest first. */
  outbox(conversation: string): string;
  /** Hash: a reply's plan and the state of each of its chunks. */
  reply(replyId: string): string;
  /** Sorted sets: conversations with work, by the time it arrived. What the reconciler reads. */
  readonly pendingTurns: string;
  readonly pendingControls: string;
  readonly pendingDeliveries: string;
  /** Sorted set worker id → time of last heartbeat (Redis clock, ms), and per worker the BullMQ ids it runs. */
  readonly workers: string;
  worker(workerId: string): string;
  /** What a worker says of its agents, as JSON. */
  agentReports(workerId: string): string;
  /** Hash: the worker on whose disk a person's agent keeps what it knows; its name, its id, since when it is gone. */
  place(person: string): string;
  /** Channel on which running turns are told to look at their state. A net of polling stands under it. */
  readonly signals: string;
  /** A fact that holds for a while: a person was told something, an effect was carried out. */
  flag(...parts: string[]): string;
  /** The stored form of a dead letter, for replay. */
  deadLetter(id: string): string;
  /** List: what happened to a message, oldest first. */
  timeline(messageId: string): string;
  /** Sorted sets message id → time: of all, of a user in any corp, of an app (corp:agent). Their oldest are dropped. */
  readonly timelines: string;
  timelinesOfUser(user: string): string;
  timelinesOfApp(app: string): string;
  /** Hash app (corp:agent) → its name, of every app that has had a message. */
  readonly timelineApps: string;
}

export function createKeys(prefix: string): Keys {
  const key = (...parts: string[]) => [prefix, ...parts].join(":");
  return {
    prefix,
    seen: (id) => key("seen", id),
    crowding: (app) => key("crowding", app),
    mailbox: (conversation) => key("mailbox", conversation),
    control: (conversation) => key("control", conversation),
    turn: (conversation) => key("turn", conversation),
    checkpoint: (conversation) => key("checkpoint", conversation),
    agentCallback: (token) => key("agent-callback", token),
    approvals: (conversation) => key("approvals", conversation),
    session: (conversation) => key("session", conversation),
    transcript: (conversation) => key("transcript", conversation),
    lastTurn: (conversation) => key("last-turn", conversation),
    background: (conversation) => key("background", conversation),
    outbox: (conversation) => key("outbox", conversation),
    reply: (id) => key("reply", id),
    pendingTurns: key("pending-turns"),
    pendingControls: key("pending-controls"),
    pendingDeliveries: key("pending-deliveries"),
    workers: key("workers"),
    worker: (id) => key("worker", id),
    place: (person) => key("place", person),
    agentReports: (id) => key("agent-reports", id),
    signals: key("signals"),
    flag: (...parts) => key("flag", ...parts),
    deadLetter: (id) => key("dead-letter", id),
    timeline: (id) => key("timeline", id),
    timelines: key("timelines"),
    timelinesOfUser: (user) => key("timelines-of-user", user),
    timelinesOfApp: (app) => key("timelines-of-app", app),
    timelineApps: key("timeline-apps"),
  };
}
