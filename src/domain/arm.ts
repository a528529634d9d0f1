/** Arm is the release that an iteration, process, database or route belongs to. */
export type Arm = "baseline" | "candidate";

/** ARMS are both arms, the baseline first. */
export const ARMS: readonly Arm[] = ["baseline", "candidate"];

/** PerArm holds one value for each arm. */
export type PerArm<Value> = Readonly<Record<Arm, Value>>;
