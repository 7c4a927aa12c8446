/** What could not be done now is tried again, at growing pauses, until it is done or the bot goes down. */

/** Pauses between two tries: from, doubling, to; in ms. */
const PAUSE_MS = { least: 1000, most: 600_000 };

/** What is tried again later. */
export interface Later {
  /**
   * Tries again after a pause, and so on, until `attempt` gives true; one that throws was in vain. `run` carries each
   * try on in the background.
   */
  until(run: (work: Promise<void>) => void, attempt: () => Promise<boolean>): void;
  stop(): void;
}

/** Has nothing to try. Pauses begin at a second, double, and end at ten minutes. */
export function createLater(): Later {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  function plan(run: (work: Promise<void>) => void, attempt: () => Promise<boolean>, pause: number): void {
    if (stopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const next = () => plan(run, attempt, Math.min(pause * 2, PAUSE_MS.most));
      run(attempt().then((done) => (done ? undefined : next()), next));
    }, pause);
    timers.add(timer);
  }

  return {
    until: (run, attempt) => plan(run, attempt, PAUSE_MS.least),
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
