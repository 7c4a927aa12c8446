/** Turns: what is done to one thing is done one after another. */

/**
 * Does `work` when what was begun under this name has ended. Whoever comes while somebody waits gets the same turn, so
 * that at most one runs and one waits for each name: `work` must look for itself how things stand when it begins.
 */
export type Turns = (name: string, work: () => Promise<void>) => Promise<void>;

/** Turns by name: what has one name is done one after another, and who comes while one waits shares its turn. */
export function createTurns(): Turns {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<void>>();

  function begin(name: string, work: () => Promise<void>): Promise<void> {
    const turn = work().finally(() => running.delete(name));
    running.set(name, turn);
    return turn;
  }

  return (name, work) => {
    const [next, current] = [waiting.get(name), running.get(name)];
    if (next !== undefined) return next;
    if (current === undefined) return begin(name, work);
    const turn = current
      .catch(() => undefined)
      .then(() => {
        waiting.delete(name);
        return begin(name, work);
      });
    waiting.set(name, turn);
    return turn;
  };
}
