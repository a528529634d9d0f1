/** Arm is the side that an iteration, process, database or route belongs to. */
export type Arm = "baseline" | "candidate";

export const ARMS: readonly Arm[] = ["baseline", "candidate"];

/** PerArm holds one value for each arm. */
export type PerArm<Value> = Readonly<Record<Arm, Value>>;
