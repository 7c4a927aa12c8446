/** Answers that are read row by row and field by field, so that an odd one hides nothing else. */
import * as z from "zod";

/** A row: the fields that could be read, and the names of those that could not. */
export type AnswerRow<T> = {
  readonly fields: { readonly [Name in keyof T]?: T[Name] };
  readonly odd: readonly string[];
};

type Shape = Readonly<Record<string, z.ZodType>>;
type ValuesOf<S extends Shape> = { readonly [Name in keyof S]: z.output<S[Name]> };

/** Reads any value as a row: one that is no object has no field that could be read. */
export function row<S extends Shape>(shape: S): z.ZodType<AnswerRow<ValuesOf<S>>> {
  const columns = Object.entries(shape);
  return z.unknown().transform((raw) => {
    const given = typeof raw === "object" && raw !== null ? (raw as Readonly<Record<string, unknown>>) : {};
    const fields: Record<string, unknown> = {};
    const odd: string[] = [];
    for (const [name, schema] of columns) {
      const { success, data } = schema.safeParse(given[name]);
      if (!success) odd.push(name);
      else if (data !== undefined) fields[name] = data;
    }
    return { fields: fields as AnswerRow<ValuesOf<S>>["fields"], odd };
  });
}

/** Where in an answer fields could not be read: `[3].leverage`. */
export function oddOf(rows: readonly AnswerRow<unknown>[]): readonly string[] {
  return rows.flatMap(({ odd }, index) => odd.map((name) => `[${index}].${name}`));
}
