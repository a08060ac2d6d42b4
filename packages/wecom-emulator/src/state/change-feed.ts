/** Something changed that a viewer may want to read again. `users` is empty when it concerns nobody in particular. */
export interface Change {
  readonly topic: "message" | "push" | "call" | "faults" | "apps" | "users" | "reset";
  readonly app?: string;
  readonly users?: readonly string[];
}

export interface ChangeFeed {
  publish(change: Change): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: Change) => void): () => void;
}

export function createChangeFeed(): ChangeFeed {
  const listeners = new Set<(change: Change) => void>();
  return {
    publish(change) {
      for (const listener of listeners) listener(change);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
