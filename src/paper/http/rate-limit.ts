/** How often an endpoint may be called: each has a budget of its own over a sliding second. */

const WINDOW_MS = 1000;

export interface Budgets {
  /** Takes one call from the endpoint's budget; false when there is none left. */
  take(endpoint: string, perSecond: number): boolean;
}

/** Budgets of every path, all unused; `now` in ms. */
export function createBudgets(now: () => number): Budgets {
  const taken = new Map<string, readonly number[]>();
  return {
    take: (endpoint, perSecond) => {
      const at = now();
      const recent = (taken.get(endpoint) ?? []).filter((time) => time > at - WINDOW_MS && time <= at);
      const isAllowed = recent.length < perSecond;
      taken.set(endpoint, isAllowed ? [...recent, at] : recent);
      return isAllowed;
    },
  };
}
