import { configSecrets, loadGatewayConfig } from "@gateway/service-kit";

/** Shorter ones would be found in ordinary words. */
const SHORTEST = 8;
/** A secret may arrive in two pieces. */
const OVERLAP_CHARS = 512;

const planted = new Map<string, string>();
const leaks = new Set<string>();

/** From now on no process of this test file may print it; see check-leaks.ts. */
export function plantSecret(what: string, secret: string): void {
  if (secret.length >= SHORTEST) planted.set(secret, what);
}

/** Plants every secret of the settings that a service is started with. Settings that are faulty on purpose have none. */
export function plantSecretsOf(env: Readonly<Record<string, string>>): void {
  try {
    const config = loadGatewayConfig(env, { appsRequired: false });
    for (const secret of configSecrets(config)) plantSecret("a secret of its configuration", secret);
  } catch {
    // Then the service does not start either.
  }
}

/** Looks at everything that a process prints, as it comes. */
export function createLeakWatch(process: string): (text: string) => void {
  let tail = "";
  return (text) => {
    for (const what of secretsIn(tail + text)) leaks.add(`${process} printed ${what}`);
    tail = (tail + text).slice(-OVERLAP_CHARS);
  };
}

/** What is planted and stands in a text, by name. */
export function secretsIn(text: string): string[] {
  return [...planted].flatMap(([secret, what]) => (text.includes(secret) ? [what] : []));
}

/** What was printed so far; asking forgets it. */
export function takeLeaks(): string[] {
  const found = [...leaks];
  leaks.clear();
  return found;
}
