/** Work for later, on the clock of the process. */

/** Timers of Node's last no longer than this, in ms; one that is over it would end at once. Whoever is early looks again. */
const MS_MAX = 3_600_000;

/** Does the work after so many ms, or a while earlier where that is very long; what comes back calls it off. */
export type Plan = (work: () => void, ms: number) => () => void;

/** Plans with the timers of the process. */
export const onTimer: Plan = (work, ms) => {
  const timer = setTimeout(work, Math.min(ms, MS_MAX));
  return () => clearTimeout(timer);
};
