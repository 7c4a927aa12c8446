/** Clocks of a test's own: none of them goes by itself. */
import { createClock } from "../../src/clock.ts";
import type { Clock } from "../../src/margin/ports/clock.ts";

/** A machine whose two clocks both show what `now` gives, until one is set. */
export function clockOf(now: () => number): Clock {
  return createClock({ wall: now, monotonic: now });
}
