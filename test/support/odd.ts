/** Odd fields in Bitget's answers: null, empty, missing, of another type, with an exponent. */

export type OddRow = Readonly<Record<string, unknown>>;

/** What stands in the place of a field, by how it is odd; undefined takes it out. `text` is the right one. */
export function oddValues(text: string): Readonly<Record<string, unknown>> {
  return { null: null, empty: "", missing: undefined, object: { value: text }, boolean: true, words: "n/a" };
}
