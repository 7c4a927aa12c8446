/** A budget of starts per second: callers beyond it wait in line, in the order in which they came. */

export interface Budget {
  /** Starts that are allowed within any window. */
  readonly starts: number;
  readonly windowMs: number;
  /** Longest wait; who has waited so long is sent away. */
  readonly waitMs: number;
  /** Longest line; who finds it full is sent away at once. */
  readonly waitingMax: number;
}

/** Gives places in a budget. */
export interface Limiter {
  /** True: start now. False: no place came in time. Answers at once where nobody has to wait. */
  take(): boolean | Promise<boolean>;
}

interface Waiter {
  readonly deadline: number;
  readonly resolve: (granted: boolean) => void;
}

/** Counts on a clock that never jumps. Its timer does not keep the process alive. */
export function createLimiter({ starts, windowMs, waitMs, waitingMax }: Budget): Limiter {
  const taken: number[] = [];
  const waiting: Waiter[] = [];
  let timer: NodeJS.Timeout | undefined;

  function free(now: number): boolean {
    while (taken[0] !== undefined && taken[0] + windowMs <= now) taken.shift();
    return taken.length < starts;
  }

  function serve(): void {
    timer = undefined;
    const now = performance.now();
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const late = first.deadline <= now;
      if (!late && !free(now)) break;
      waiting.shift();
      if (!late) taken.push(now);
      first.resolve(!late);
    }
    wake(now);
  }

  function wake(now: number): void {
    const first = waiting[0];
    if (first === undefined || timer !== undefined) return;
    const next = Math.min(first.deadline, (taken[0] ?? now) + windowMs);
    timer = setTimeout(serve, Math.max(1, Math.ceil(next - now)));
    timer.unref();
  }

  function take(): boolean | Promise<boolean> {
    const now = performance.now();
    if (waiting.length === 0 && free(now)) {
      taken.push(now);
      return true;
    }
    if (waiting.length >= waitingMax) return false;
    const place = new Promise<boolean>((resolve) => waiting.push({ deadline: now + waitMs, resolve }));
    wake(now);
    return place;
  }

  return { take };
}
