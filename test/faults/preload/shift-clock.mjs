// The wall clock of a process is wrong by FAULT_CLOCK_SHIFT_MS, as on a machine whose time is not kept. Loaded before
// everything else by NODE_OPTIONS. The monotonic clock goes on as it should, there as here.
const RealDate = globalThis.Date;
const shiftMs = Number(process.env.FAULT_CLOCK_SHIFT_MS);
const now = () => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parts, newTarget) =>
    Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
