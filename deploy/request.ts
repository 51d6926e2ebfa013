/** What to do. */
export interface Request {
  readonly action: "deploy" | "destroy";
  /** Name of the environment. @default - the app's own default */
  readonly env?: string;
  /** Only these stacks. @default - all; of `destroy`: all but the one that holds the state of the others */
  readonly stack?: readonly string[];
  /** Not these stacks. @default - none */
  readonly except?: readonly string[];
  /** How many stacks run at the same time. */
  readonly parallelism: number;
  readonly autoApprove: boolean;
  readonly migrateState: boolean;
}
