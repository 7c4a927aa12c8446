/** Repeats two things in turn and keeps what each took. */

/** One repetition: prepares what it needs, and gives only what is to be counted, in ms (or whatever the row counts). */
export type Turn = (index: number) => Promise<number>;

export const NS_A_MS = 1e6;

export interface Pair {
  readonly ours: readonly number[];
  readonly floor: readonly number[];
}

/** ABAB…, so that whatever slows the machine down meets both. The first `warmUp` rounds are thrown away. */
export async function alternate(
  { warmUp, rounds }: { readonly warmUp: number; readonly rounds: number },
  ours: Turn,
  floor: Turn,
): Promise<Pair> {
  const pair = { ours: [] as number[], floor: [] as number[] };
  for (let index = 0; index < warmUp + rounds; index++) {
    const [a, b] = [await ours(index), await floor(index)];
    if (index < warmUp) continue;
    pair.ours.push(a);
    pair.floor.push(b);
  }
  return pair;
}

/** How long `work` takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The value below which the part `share` (0.5 is the median) of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
