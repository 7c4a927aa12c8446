/** A seeded choice of cases: the same seed gives the same ones. */

function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `count` of the items, in an order that the seed decides. */
export function sample<T>(items: readonly T[], count: number, seed: number): T[] {
  const roll = dice(seed);
  const left = [...items];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(Math.floor(roll() * left.length), 1));
  return chosen;
}
