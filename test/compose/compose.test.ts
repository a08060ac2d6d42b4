import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitUntil } from "../support/wait-until.ts";
import type { ComposeProject } from "./compose-project.ts";
import { canCompose, createComposeProject } from "./compose-project.ts";
import { createPeople } from "./demo-person.ts";

// Retires the risk that the first command of the README fails, that scaling takes more than a flag, or that a rolling
// replacement in real containers loses what tests of single processes keep.

const BUILD_LIMIT_MS = 20 * 60_000;
const STEP_LIMIT_MS = 5 * 60_000;
/** What the demo agent answers to "hello". Its card of a run that takes long has the word, too. */
const HELLO = "You said：hello";
const PATIENT = { timeoutMs: 180_000 };
const maybe = (await canCompose()) ? describe : describe.skip;

maybe("docker compose", () => {
  let project: ComposeProject;
  let people: ReturnType<typeof createPeople>;
  let count = 0;

  beforeAll(async () => {
    project = await createComposeProject();
    people = createPeople(project.emulatorUrl);
    // With the tools: what builds them first says so on the same output as they.
    await project.compose("--profile", "tools", "build");
    await project.compose("up", "--detach", "--no-build", "--wait");
  }, BUILD_LIMIT_MS);
  afterAll(async () => {
    await project.down();
  }, STEP_LIMIT_MS);

  const newUser = () => `user-${++count}`;
  const answersTo = async (user: string, text: string) =>
    (await people.hears(user)).filter((item) => item.includes(text)).length;
  const scale = (ingress: number, worker: number) =>
    project.compose(
      ...["up", "--detach", "--wait", "--no-recreate", "--no-build"],
      ...["--scale", `ingress=${ingress}`, "--scale", `worker=${worker}`],
    );

  it("up: a message goes through the whole stack", async () => {
    expect(await people.say("anna", "hello")).toBe("acknowledged");
    await waitUntil("anna is answered", async () => (await answersTo("anna", HELLO)) === 1, PATIENT);
    expect((await fetch(`${project.consoleUrl}/health`)).status).toBe(200);
  });

  it("gives no container rights that it does not need, and publishes the balancer alone", async () => {
    for (const service of ["ingress", "worker", "console", "emulator"]) {
      const [id = ""] = await project.containers(service);
      const [{ Config, HostConfig }] = JSON.parse(await project.docker("inspect", id));
      expect([service, HostConfig.ReadonlyRootfs, HostConfig.CapDrop, HostConfig.SecurityOpt]).toEqual([
        ...[service, true, ["ALL"], ["no-new-privileges:true"]],
      ]);
      expect([service, HostConfig.Init, HostConfig.Memory > 0, Config.User]).toEqual([
        service,
        true,
        true,
        "node",
      ]);
    }
    const published = await project.compose("ps", "--format", "{{.Service}} {{.Ports}}");
    const everywhere = published.split("\n").filter((line) => line.includes("0.0.0.0:"));
    expect(everywhere.map((line) => line.split(" ")[0])).toEqual(["balancer"]);
  });

  it(
    "scale: three ingresses and two workers by two flags",
    async () => {
      await scale(3, 2);
      expect(await project.containers("ingress")).toHaveLength(3);
      expect(await project.containers("worker")).toHaveLength(2);
    },
    STEP_LIMIT_MS,
  );

  it(
    "kill of an ingress and of a worker mid-run: everybody is answered, once",
    async () => {
      const users = Array.from({ length: 8 }, newUser);
      for (const user of users) expect(await people.say(user, "long 6")).toBe("acknowledged");
      const [ingress = ""] = await project.containers("ingress");
      const [worker = ""] = await project.containers("worker");
      await Promise.all([project.docker("kill", ingress), project.docker("kill", worker)]);
      const late = newUser();
      expect(await people.say(late, "hello")).toBe("acknowledged");
      await waitUntil(
        "all are answered",
        async () => {
          const answers = await Promise.all(users.map((user) => answersTo(user, "Done after")));
          return answers.every((answer) => answer === 1) && (await answersTo(late, HELLO)) === 1;
        },
        PATIENT,
      );
    },
    STEP_LIMIT_MS,
  );

  it(
    "rolling replacement of ingress and worker under load: nothing lost, nothing twice",
    async () => {
      await scale(3, 2);
      const old = [...(await project.containers("ingress")), ...(await project.containers("worker"))];
      const users: string[] = [];
      let isOver = false;
      const load = Array.from({ length: 4 }, async () => {
        while (!isOver) {
          const user = newUser();
          expect(await people.say(user, "hello")).toBe("acknowledged");
          users.push(user);
        }
      });
      await waitUntil("load runs", () => users.length >= 20, PATIENT);
      await scale(6, 4);
      for (const id of old) await project.docker("stop", "--time", "60", id);
      await project.docker("rm", ...old);
      const before = users.length;
      await waitUntil("the new ones take messages", () => users.length >= before + 20, PATIENT);
      isOver = true;
      await Promise.all(load);
      const answers = async () =>
        Promise.all(users.map(async (user) => [user, await answersTo(user, HELLO)] as const));
      await waitUntil(
        "everybody is answered",
        async () => (await answers()).every(([, heard]) => heard > 0),
        PATIENT,
      );
      const [odd] = (await answers()).filter(([, heard]) => heard !== 1);
      expect(odd && [odd[0], await people.hears(odd[0])]).toBeUndefined();
      expect(await project.containers("ingress")).toHaveLength(3);
    },
    2 * STEP_LIMIT_MS,
  );

  it(
    "the doctor finds nothing wrong from inside",
    async () => {
      const said = await project.compose("--profile", "tools", "run", "--rm", "gateway", "doctor", "--json");
      const { findings } = JSON.parse(said);
      expect(findings.filter(({ status }: { status: string }) => status === "problem")).toEqual([]);
    },
    STEP_LIMIT_MS,
  );
});
